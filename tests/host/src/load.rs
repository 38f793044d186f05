//! Closed-loop load over loopback: each connection sends its next request after the answer to the one before.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::SendRequest;
use tokio::task::JoinSet;

use crate::app::App;
use crate::client::connect;

/// Creates the nth request. Each request must differ, because a repeated one may be answered as a duplicate.
pub type Requests = Arc<dyn Fn(usize) -> Request<Bytes> + Send + Sync>;

/// The size of a load.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// The number of requests that are open at the same time.
    pub connections: usize,
    /// The number of measured requests. A tenth as many are sent first, to warm up, and not measured.
    pub requests: usize,
}

/// A component that is measured.
pub struct Subject {
    /// The component's name in the table.
    pub name: &'static str,
    /// The app that answers.
    pub app: App,
    /// The requests that are sent. Each answer must have a 2xx status.
    pub requests: Requests,
}

/// The result of one measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measurement {
    /// The median time of an answer.
    pub p50: Duration,
    /// The time that 99 % of the answers stayed below.
    pub p99: Duration,
    /// The time from the first request to the last answer.
    pub elapsed: Duration,
    /// The number of answers.
    pub requests: usize,
    /// The host operations that the component called, in all.
    pub calls: u64,
}

/// The measurements of two subjects, taken in turns so that other load on the machine affects both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The measurement with the median throughput of the subject that is compared with.
    pub base: Measurement,
    /// The measurement with the median throughput of the other subject.
    pub subject: Measurement,
}

/// The heads of the columns that [`Comparison::lines`] fills.
pub const COLUMNS: &str =
    "                               p50       p99     per s  calls    p50 ×  per s ×";

/// The number of measurements of each subject in a comparison.
const REPETITIONS: usize = 5;

/// Measures one subject. `first` is the number of its first request.
///
/// # Errors
/// Fails if the app cannot listen or be reached, or an answer has no 2xx status.
pub async fn measure(subject: &Subject, load: Load, first: usize) -> anyhow::Result<Measurement> {
    let running = subject.app.listen(([127, 0, 0, 1], 0).into()).await?;
    let measured = first + load.requests.div_ceil(10);
    send_all(
        running.address(),
        &subject.requests,
        load.connections,
        first..measured,
    )
    .await?;
    let (before, start) = (subject.app.counts(), Instant::now());
    let times = send_all(
        running.address(),
        &subject.requests,
        load.connections,
        measured..measured + load.requests,
    )
    .await;
    let elapsed = start.elapsed();
    let calls = (subject.app.counts() - before).calls();
    running.stop().await;
    let measurement = Measurement::from_times(times.with_context(|| subject.name)?, elapsed)?;
    Ok(Measurement {
        calls,
        ..measurement
    })
}

/// Measures two subjects in turns.
///
/// # Errors
/// Fails as [`measure`] does.
pub async fn compare(base: &Subject, subject: &Subject, load: Load) -> anyhow::Result<Comparison> {
    let (mut bases, mut subjects) = (Vec::new(), Vec::new());
    for repetition in 0..REPETITIONS {
        let first = repetition * 2 * load.requests;
        bases.push(measure(base, load, first).await?);
        subjects.push(measure(subject, load, first).await?);
    }
    Ok(Comparison {
        base: median(bases)?,
        subject: median(subjects)?,
    })
}

/// Returns the measurement with the median throughput.
fn median(mut measurements: Vec<Measurement>) -> anyhow::Result<Measurement> {
    measurements.sort_by(|one, other| one.throughput().total_cmp(&other.throughput()));
    let median = measurements.get(measurements.len() / 2).copied();
    median.context("nothing was measured")
}

impl Comparison {
    /// Returns how many times as long the subject takes for an answer, by the median.
    #[must_use]
    pub fn time_ratio(&self) -> f64 {
        self.subject.p50.as_secs_f64() / self.base.p50.as_secs_f64()
    }

    /// Returns how many requests the subject answers while the other one answers one.
    #[must_use]
    pub fn throughput_ratio(&self) -> f64 {
        self.subject.throughput() / self.base.throughput()
    }

    /// Returns a line for each subject, below [`COLUMNS`].
    #[must_use]
    pub fn lines(&self, base: &Subject, subject: &Subject) -> String {
        format!(
            "  {:<22} {}\n  {:<22} {}  {:>7.2}  {:>7.2}",
            base.name,
            self.base,
            subject.name,
            self.subject,
            self.time_ratio(),
            self.throughput_ratio()
        )
    }
}

impl Measurement {
    /// Returns the number of answers per second.
    #[must_use]
    pub fn throughput(&self) -> f64 {
        self.requests as f64 / self.elapsed.as_secs_f64()
    }

    fn from_times(mut times: Vec<Duration>, elapsed: Duration) -> anyhow::Result<Self> {
        ensure!(!times.is_empty(), "no request was measured");
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
        Ok(Self {
            p50: at(50),
            p99: at(99),
            elapsed,
            requests: times.len(),
            calls: 0,
        })
    }
}

impl fmt::Display for Measurement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1_000.0);
        write!(
            f,
            "{:>9} {:>9} {:>9.0} {:>6.1}",
            milliseconds(self.p50),
            milliseconds(self.p99),
            self.throughput(),
            self.calls as f64 / self.requests as f64
        )
    }
}

async fn send_all(
    address: SocketAddr,
    requests: &Requests,
    connections: usize,
    numbers: std::ops::Range<usize>,
) -> anyhow::Result<Vec<Duration>> {
    let mut tasks = JoinSet::new();
    for offset in 0..connections {
        let requests = requests.clone();
        let numbers = numbers.clone().skip(offset).step_by(connections);
        tasks.spawn(async move {
            let mut sender = connect(address).await?;
            let mut times = Vec::new();
            for number in numbers {
                times.push(time_request(&mut sender, address, requests(number)).await?);
            }
            anyhow::Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(finished) = tasks.join_next().await {
        times.extend(finished??);
    }
    Ok(times)
}

/// Sends one request and returns the time until its whole answer arrived.
async fn time_request(
    sender: &mut SendRequest<Full<Bytes>>,
    address: SocketAddr,
    mut request: Request<Bytes>,
) -> anyhow::Result<Duration> {
    if !request.headers().contains_key(http::header::HOST) {
        request
            .headers_mut()
            .insert(http::header::HOST, address.to_string().try_into()?);
    }
    sender.ready().await?;
    let start = Instant::now();
    let response = sender.send_request(request.map(Full::new)).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    let time = start.elapsed();
    ensure!(
        status.is_success(),
        "answered {status}: {}",
        String::from_utf8_lossy(&body)
    );
    Ok(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_come_from_sorted_times() {
        let times = (1..=200).rev().map(Duration::from_millis).collect();
        let measured = Measurement::from_times(times, Duration::from_secs(4)).unwrap();
        assert_eq!(measured.p50, Duration::from_millis(101));
        assert_eq!(measured.p99, Duration::from_millis(199));
        assert_eq!(measured.to_string(), "101.00 ms 199.00 ms        50    0.0");
    }

    #[test]
    fn ratios_compare_with_the_base() {
        let measured = |milliseconds, seconds| {
            let time = Duration::from_millis(milliseconds);
            Measurement::from_times(vec![time; 10], Duration::from_secs(seconds)).unwrap()
        };
        let comparison = Comparison {
            base: measured(2, 1),
            subject: measured(6, 2),
        };
        assert_eq!(comparison.time_ratio(), 3.0);
        assert_eq!(comparison.throughput_ratio(), 0.5);
    }

    #[test]
    fn measurement_without_requests_fails() {
        assert!(Measurement::from_times(Vec::new(), Duration::from_secs(1)).is_err());
    }
}
