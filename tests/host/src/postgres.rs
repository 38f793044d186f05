//! Connections to PostgreSQL, pooled as in Spin: one pool for each address, whose connections are handed on as they are.

mod tls;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, bail};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};

use tls::Tls;

/// The number of connections of a pool. It is Spin's.
const POOL_SIZE: usize = 64;

/// A connection of a pool. It goes back when its last clone is dropped.
pub type Client = Arc<Object>;

/// The address of a database, and the certificates of the authority that signed its certificate.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// The connection URL, which contains the password.
    pub url: String,
    /// Certificates in PEM, beside those of the public authorities.
    pub ca_root: Option<String>,
}

/// The pools of an app.
#[derive(Default)]
pub(crate) struct Pools(Mutex<HashMap<Address, Pool>>);

impl Pools {
    /// Takes a connection of the address's pool, or makes one.
    ///
    /// # Errors
    /// Fails if the address is malformed, or the database does not answer or refuses the sign-in.
    pub async fn connect(&self, address: &Address) -> anyhow::Result<Client> {
        let pool = self.pool(address)?;
        Ok(Arc::new(pool.get().await?))
    }

    fn pool(&self, address: &Address) -> anyhow::Result<Pool> {
        let mut pools = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get(address) {
            return Ok(pool.clone());
        }
        let pool = create_pool(address)?;
        pools.insert(address.clone(), pool.clone());
        Ok(pool)
    }
}

/// Returns the hosts of a connection URL as `postgres://host[:port]`, the form that `allowed_outbound_hosts` has.
///
/// # Errors
/// Fails if the URL is malformed or names a socket of this machine.
pub(crate) fn origins(url: &str) -> anyhow::Result<Vec<String>> {
    let config: Config = url.parse()?;
    let ports = config.get_ports();
    let mut origins = Vec::new();
    for (index, host) in config.get_hosts().iter().enumerate() {
        let Host::Tcp(host) = host else {
            bail!("Unix sockets are not supported on WebAssembly");
        };
        // A single port is that of every host.
        let port = ports.get(index).or_else(|| ports.first());
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        origins.push(format!("postgres://{host}{port}"));
    }
    Ok(origins)
}

fn create_pool(address: &Address) -> anyhow::Result<Pool> {
    let config: Config = address.url.parse()?;
    let manager_config = ManagerConfig {
        recycling_method: RecyclingMethod::Clean,
    };
    let manager = if config.get_ssl_mode() == SslMode::Disable {
        Manager::from_config(config, NoTls, manager_config)
    } else {
        let tls = Tls::new(address.ca_root.as_deref())?;
        Manager::from_config(config, tls, manager_config)
    };
    let pool = Pool::builder(manager).max_size(POOL_SIZE).build();
    pool.context("cannot make a pool of connections")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_hosts_with_their_ports() {
        let named = |url| origins(url).unwrap();
        assert_eq!(named("postgres://u:p@db/books"), ["postgres://db:5432"]);
        let two = named("postgres://u:p@one:5433,two:5434/books?sslmode=require");
        assert_eq!(two, ["postgres://one:5433", "postgres://two:5434"]);
        let one_port = named("host=one,two port=5433 user=u");
        assert_eq!(one_port, ["postgres://one:5433", "postgres://two:5433"]);
        assert!(origins("postgres://u@%2Frun%2Fpostgresql/books").is_err());
        assert!(origins("postgres://u@db:port/books").is_err());
    }
}
