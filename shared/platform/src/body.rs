//! Reading bodies whole, though never more of them than we can hold.

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::error::Error;

/// Why a body was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unread {
    /// It is longer than it may be. The rest was not even received.
    #[error("the body is too long")]
    TooLong,
    /// It broke off.
    #[error("the body broke off: {0}")]
    Broken(String),
}

/// Reads a body of at most `limit` bytes, and stops at the first byte too many.
pub(crate) async fn read<B>(body: B, limit: usize) -> Result<Bytes, Unread>
where
    B: BodyExt<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Unread::TooLong),
        Err(error) => Err(Unread::Broken(error.to_string())),
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
    fn a_body_of_exactly_the_limit_is_read() {
        let body = Full::new(Bytes::from_static(b"12345"));
        assert_eq!(block_on(read(body, 5)), Ok(Bytes::from_static(b"12345")));
        let body = Full::new(Bytes::from_static(b"123456"));
        assert_eq!(block_on(read(body, 5)), Err(Unread::TooLong));
    }

    #[test]
    fn a_body_without_an_end_is_left_at_the_limit() {
        let received = Cell::new(0);
        let endless = stream::repeat_with(|| {
            received.set(received.get() + 1);
            Ok::<_, io::Error>(Frame::data(Bytes::from_static(&[0; 100])))
        });
        assert_eq!(
            block_on(read(StreamBody::new(endless), 1000)),
            Err(Unread::TooLong)
        );
        assert_eq!(received.get(), 11);
    }

    #[test]
    fn a_body_that_breaks_off_is_no_body() {
        let pieces = [
            Ok(Frame::data(Bytes::from_static(b"{\"a\":"))),
            Err(io::Error::other("connection reset")),
        ];
        let body = StreamBody::new(stream::iter(pieces));
        let broken = Unread::Broken("connection reset".to_owned());
        assert_eq!(block_on(read(body, 1000)), Err(broken));
    }
}
