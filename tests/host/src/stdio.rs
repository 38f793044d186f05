//! Splits standard output and error of a component into lines.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

use crate::logs::Logs;

/// A stream that logs each complete line. An unfinished last line is logged when the stream is dropped.
#[derive(Clone)]
pub(crate) struct LineStream {
    component: String,
    logs: Logs,
    unfinished: Vec<u8>,
}

impl LineStream {
    pub fn new(component: &str, logs: &Logs) -> Self {
        Self {
            component: component.to_owned(),
            logs: logs.clone(),
            unfinished: Vec::new(),
        }
    }

    fn accept(&mut self, bytes: &[u8]) {
        self.unfinished.extend_from_slice(bytes);
        while let Some(end) = self.unfinished.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.unfinished.drain(..=end).collect();
            self.emit(&line);
        }
    }

    fn emit(&self, line: &[u8]) {
        self.logs.write(
            &self.component,
            String::from_utf8_lossy(line).trim_end_matches(['\r', '\n']),
        );
    }
}

impl Drop for LineStream {
    fn drop(&mut self) {
        if !self.unfinished.is_empty() {
            self.emit(&self.unfinished);
        }
    }
}

impl AsyncWrite for LineStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.accept(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl IsTerminal for LineStream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for LineStream {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_writes_become_whole_lines() {
        let logs = Logs::in_memory();
        let mut stream = LineStream::new("hello", &logs);
        stream.accept(b"one\ntw");
        stream.accept(b"o\r\nthree");
        drop(stream);
        let texts: Vec<_> = logs.lines().into_iter().map(|line| line.text).collect();
        assert_eq!(texts, ["one", "two", "three"]);
    }
}
