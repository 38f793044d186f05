//! The host as a child process that is killed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;

/// A host that listens. Dropping it kills it.
pub(super) struct Host {
    child: Child,
    /// Kept open: a host that cannot write there ends by itself.
    output: BufReader<ChildStdout>,
    pub address: SocketAddr,
}

impl Host {
    /// Starts the host on the records in `folder`, its clock ahead of the machine's by `offset`.
    pub fn start(
        folder: &Path,
        variables: &BTreeMap<String, String>,
        offset: Duration,
    ) -> anyhow::Result<Self> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(folder.join("host.log"))?;
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args(["up", "--no-build", "--listen", "127.0.0.1:0", "--state-dir"])
            .arg(folder)
            .args(["--clock-offset", &offset.as_secs().to_string()])
            .envs(variables.iter().map(spelled))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log);
        let mut child = command.spawn().context("cannot start the host")?;
        let output = child.stdout.take().context("no output of the host")?;
        let mut host = Self {
            child,
            output: BufReader::new(output),
            address: ([127, 0, 0, 1], 0).into(),
        };
        host.address = host.announced()?;
        Ok(host)
    }

    /// SIGKILL, to this process and no other.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill().context("cannot kill the host")?;
        self.child.wait().map(drop).context("the host is not gone")
    }

    fn announced(&mut self) -> anyhow::Result<SocketAddr> {
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
        // It may be gone already, and then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// In the environment and not among the arguments, where every user of the machine could read them.
fn spelled((name, value): (&String, &String)) -> (String, String) {
    (
        format!("SPIN_VARIABLE_{}", name.to_ascii_uppercase()),
        value.clone(),
    )
}
