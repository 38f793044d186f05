//! Bodies, read completely up to a limit.

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::error::Error;

/// The reason why a body could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    /// The body is longer than the limit. The rest was not received.
    #[error("the body is too long")]
    TooLong,
    /// The body ended early.
    #[error("the body ended early: {0}")]
    Incomplete(String),
}

/// Reads a body of at most `limit` bytes. Receives nothing after the first byte above the limit.
pub(crate) async fn read<B>(body: B, limit: usize) -> Result<Bytes, BodyError>
where
    B: BodyExt<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(BodyError::TooLong),
        Err(error) => Err(BodyError::Incomplete(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use futures::stream;
    use http_body::Frame;
    use http_body_util::{Full, StreamBody};
    use std::cell::Cell;
    use std::io;

    #[test]
    fn body_of_the_limit_is_read() {
        let body = Full::new(Bytes::from_static(b"12345"));
        assert_eq!(block_on(read(body, 5)), Ok(Bytes::from_static(b"12345")));
        let body = Full::new(Bytes::from_static(b"123456"));
        assert_eq!(block_on(read(body, 5)), Err(BodyError::TooLong));
    }

    #[test]
    fn endless_body_is_not_received_beyond_the_limit() {
        let received = Cell::new(0);
        let endless = stream::repeat_with(|| {
            received.set(received.get() + 1);
            Ok::<_, io::Error>(Frame::data(Bytes::from_static(&[0; 100])))
        });
        assert_eq!(
            block_on(read(StreamBody::new(endless), 1000)),
            Err(BodyError::TooLong)
        );
        assert_eq!(received.get(), 11);
    }

    #[test]
    fn body_that_ends_early_is_incomplete() {
        let pieces = [
            Ok(Frame::data(Bytes::from_static(b"{\"a\":"))),
            Err(io::Error::other("connection reset")),
        ];
        let body = StreamBody::new(stream::iter(pieces));
        let incomplete = BodyError::Incomplete("connection reset".to_owned());
        assert_eq!(block_on(read(body, 1000)), Err(incomplete));
    }
}
