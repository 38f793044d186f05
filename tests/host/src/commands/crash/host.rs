//! The host as a child process, which can be killed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;

use crate::store_arguments::StoreChoice;

/// The place of the records and of the log of the hosts of one run.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The folder of the log, and of the records if they are on SQLite.
    pub folder: PathBuf,
    pub store: StoreChoice,
}

/// A child process that listens. Dropping it kills the process.
pub(super) struct Host {
    child: Child,
    /// The host's standard output. It stays open, because a host that cannot write to it ends.
    output: BufReader<ChildStdout>,
    pub address: SocketAddr,
}

impl Host {
    /// Starts the host on the records in `place`, with its clock ahead of the machine's by `offset`.
    pub fn start(
        place: &Place,
        variables: &BTreeMap<String, String>,
        offset: Duration,
    ) -> anyhow::Result<Self> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(place.folder.join("host.log"))?;
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args(["up", "--no-build", "--listen", "127.0.0.1:0"])
            .args(["--store", place.store.as_argument(), "--state-dir"])
            .arg(&place.folder)
            .args(["--clock-offset", &offset.as_secs().to_string()])
            .envs(
                variables
                    .iter()
                    .map(|(name, value)| (environment_name(name), value)),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log);
        let mut child = command.spawn().context("cannot start the host")?;
        let output = child
            .stdout
            .take()
            .context("the host has no standard output")?;
        let mut host = Self {
            child,
            output: BufReader::new(output),
            address: ([127, 0, 0, 1], 0).into(),
        };
        host.address = host.read_address()?;
        Ok(host)
    }

    /// Sends SIGKILL to this child process and waits for its end.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill().context("cannot kill the host")?;
        self.child
            .wait()
            .map(drop)
            .context("cannot wait for the end of the host")
    }

    fn read_address(&mut self) -> anyhow::Result<SocketAddr> {
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.output.read_line(&mut line)?;
            anyhow::ensure!(
                read > 0,
                "the host did not start; see host.log in its folder"
            );
            if let Some(address) = line.trim().strip_prefix("Serving http://") {
                return Ok(address.parse()?);
            }
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // If the process has already ended, both calls fail, which is the aim.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the environment variable of a variable. Arguments instead could be read by every user of the machine.
fn environment_name(variable: &str) -> String {
    format!("SPIN_VARIABLE_{}", variable.to_ascii_uppercase())
}
