use bytes::Bytes;
use http::Response;
use jiff::SignedDuration;

/// The outcome of a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// The answer comes at once.
    Answer(Response<Bytes>),
    /// The answer comes late. The work was done on arrival.
    Slow {
        /// The delay of the answer.
        after: SignedDuration,
        /// The answer after the delay.
        answer: Response<Bytes>,
    },
    /// The connection is lost without an answer. The sender cannot tell whether the work was done.
    Dropped,
}

impl Reply {
    /// Returns the answer, also a late one, or `None` if the connection was lost.
    pub fn answer(self) -> Option<Response<Bytes>> {
        match self {
            Self::Answer(answer) | Self::Slow { answer, .. } => Some(answer),
            Self::Dropped => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_reply_has_an_answer() {
        let answer = Response::new(Bytes::from_static(b"late"));
        let reply = Reply::Slow {
            after: SignedDuration::from_secs(90),
            answer,
        };
        assert_eq!(reply.answer().unwrap().body(), "late");
    }

    #[test]
    fn dropped_reply_has_no_answer() {
        assert!(Reply::Dropped.answer().is_none());
    }
}
