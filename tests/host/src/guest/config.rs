//! Implements `spin:variables@3` and `wasi:config`.

use wasmtime::component::Accessor;

use super::spin::variables::variables::{Error, Host as VariablesHost, HostWithStore};
use super::wasi::config::store::{Error as ConfigError, Host as ConfigHost};
use super::{Guest, Host, Permissions};
use crate::manifest::check_variable_name;

impl VariablesHost for Guest {}

impl<T: Send> HostWithStore<T> for Host {
    async fn get(
        accessor: &Accessor<T, Self>,
        name: String,
    ) -> wasmtime::Result<Result<String, Error>> {
        Ok(accessor.with(|mut access| {
            let permissions = &access.get().permissions;
            permissions.shared.meter.variables.add(1);
            permissions.variable(&name)
        }))
    }
}

impl ConfigHost for Guest {
    async fn get(&mut self, key: String) -> wasmtime::Result<Result<Option<String>, ConfigError>> {
        Ok(Ok(self.permissions.variables.get(&key).cloned()))
    }

    async fn get_all(&mut self) -> wasmtime::Result<Result<Vec<(String, String)>, ConfigError>> {
        Ok(Ok(self.permissions.variables.clone().into_iter().collect()))
    }
}

impl Permissions {
    fn variable(&self, name: &str) -> Result<String, Error> {
        check_variable_name(name).map_err(Error::InvalidName)?;
        self.variables.get(name).cloned().ok_or_else(|| {
            self.log(&format!(
                "variable {name:?} was refused; to grant it, add {name} = \"{{{{ {name} }}}}\" to [component.{}.variables] in spin.toml",
                self.component
            ));
            Error::Undefined(format!("no variable for {:?}.{name:?}", self.component))
        })
    }
}
