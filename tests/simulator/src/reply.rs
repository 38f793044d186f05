use bytes::Bytes;
use http::Response;
use jiff::SignedDuration;

/// What became of a request.
#[derive(Clone, Debug)]
pub enum Reply {
    Answer(Response<Bytes>),
    /// The answer comes only after this much time; the work was done on arrival.
    Slow {
        after: SignedDuration,
        answer: Response<Bytes>,
    },
    /// The connection is lost without an answer. Whether the work was done is for the sender to find out.
    Dropped,
}

impl Reply {
    /// The answer, however long it takes; `None` if the connection was lost.
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
    fn a_slow_answer_is_still_an_answer() {
        let answer = Response::new(Bytes::from_static(b"late"));
        let reply = Reply::Slow {
            after: SignedDuration::from_secs(90),
            answer,
        };
        assert_eq!(reply.answer().unwrap().body(), "late");
    }

    #[test]
    fn a_lost_connection_has_no_answer() {
        assert!(Reply::Dropped.answer().is_none());
    }
}
