//! A server with fixed answers, which records its requests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A server on a free port. The server ends with the test process.
pub struct FakeServer {
    pub origin: String,
    state: Arc<Mutex<ServerState>>,
}

#[derive(Default)]
struct ServerState {
    answer: String,
    requests: Vec<String>,
}

impl FakeServer {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::<Mutex<ServerState>>::default();
        let server = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that breaks the connection is no error of the server.
                let _ = serve(stream, &server);
            }
        });
        Self { origin, state }
    }

    /// Sets the status line, the media type and the body of every answer from now on.
    pub fn set_answer(&self, status: &str, media_type: &str, body: &str) {
        let length = body.len();
        self.state.lock().unwrap().answer = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n\
             location: https://evil.example/\r\nconnection: close\r\n\r\n{body}"
        );
    }

    /// Returns the requests since the last call, head and body.
    pub fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().requests)
    }
}

fn serve(stream: TcpStream, state: &Mutex<ServerState>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut request, mut length) = (String::new(), 0);
    loop {
        let start = request.len();
        reader.read_line(&mut request)?;
        let line = request[start..].trim().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    request += &String::from_utf8_lossy(&body);
    let answer = {
        let mut state = state.lock().unwrap();
        state.requests.push(request);
        state.answer.clone()
    };
    reader.into_inner().write_all(answer.as_bytes())
}
