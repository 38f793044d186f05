//! A token endpoint that answers what it is told to, and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A server on a port of its own. It ends with the tests.
pub struct Impostor {
    pub origin: String,
    said: Arc<Mutex<Said>>,
}

#[derive(Default)]
struct Said {
    answer: String,
    asked: Vec<String>,
}

impl Impostor {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let said = Arc::<Mutex<Said>>::default();
        let server = Arc::clone(&said);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A caller that hangs up early is nobody's error here.
                let _ = serve(stream, &server);
            }
        });
        Self { origin, said }
    }

    /// From now on this status line, media type and body.
    pub fn answers(&self, status: &str, media_type: &str, body: &str) {
        let length = body.len();
        self.said.lock().unwrap().answer = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n\
             location: https://evil.example/\r\nconnection: close\r\n\r\n{body}"
        );
    }

    /// What it was asked since the last time, head and body.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.said.lock().unwrap().asked)
    }
}

fn serve(stream: TcpStream, said: &Mutex<Said>) -> std::io::Result<()> {
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
        let mut said = said.lock().unwrap();
        said.asked.push(request);
        said.answer.clone()
    };
    reader.into_inner().write_all(answer.as_bytes())
}
