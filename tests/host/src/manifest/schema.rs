//! The schema of the manifest. As in Spin, unknown keys are errors.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub spin_manifest_version: u32,
    pub application: Application,
    #[serde(default)]
    pub variables: BTreeMap<String, Variable>,
    pub trigger: Triggers,
    #[serde(default)]
    pub component: BTreeMap<String, Component>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Application {
    pub name: String,
    #[serde(default, rename = "version")]
    _version: Ignored,
    #[serde(default, rename = "description")]
    _description: Ignored,
    #[serde(default, rename = "authors")]
    _authors: Ignored,
    #[serde(default, rename = "targets")]
    _targets: Ignored,
    #[serde(default, rename = "tool")]
    _tool: Ignored,
    #[serde(default)]
    pub trigger: ApplicationTriggers,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationTriggers {
    #[serde(default)]
    pub http: ApplicationHttpTrigger,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationHttpTrigger {
    pub base: Option<String>,
}

/// A variable of `[variables]`. The operator supplies its value, or the default applies.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Variable {
    pub default: Option<String>,
    #[serde(default)]
    pub required: bool,
    #[serde(default, rename = "secret")]
    _secret: bool,
    #[serde(default, rename = "description")]
    _description: Ignored,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Triggers {
    #[serde(default)]
    pub http: Vec<HttpTrigger>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HttpTrigger {
    pub route: String,
    pub component: String,
    #[serde(default, rename = "id")]
    _id: Ignored,
    #[serde(default, rename = "executor")]
    _executor: Option<HttpExecutor>,
    #[serde(default, rename = "static_response")]
    _static_response: NotOffered,
}

/// The executor of a trigger. Wagi, Spin's executor for command-line programs, is not offered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, tag = "type", rename_all = "kebab-case")]
enum HttpExecutor {
    #[serde(alias = "spin")]
    Http,
}

/// A `[component.<id>]` block: the component's file and its permissions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Component {
    pub source: String,
    #[serde(default, rename = "description")]
    _description: Ignored,
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    #[serde(default)]
    pub allowed_outbound_hosts: Vec<String>,
    #[serde(default)]
    pub key_value_stores: Vec<String>,
    pub build: Option<Build>,
    #[serde(default, rename = "tool")]
    _tool: Ignored,
    #[serde(default, rename = "files")]
    _files: NotOffered,
    #[serde(default, rename = "exclude_files")]
    _exclude_files: NotOffered,
    #[serde(default, rename = "allowed_http_hosts")]
    _allowed_http_hosts: NotOffered,
    #[serde(default, rename = "sqlite_databases")]
    _sqlite_databases: NotOffered,
    #[serde(default, rename = "ai_models")]
    _ai_models: NotOffered,
    #[serde(default, rename = "dependencies")]
    _dependencies: NotOffered,
    #[serde(default, rename = "dependencies_inherit_configuration")]
    _dependencies_inherit_configuration: NotOffered,
    #[serde(default, rename = "profile")]
    _profile: NotOffered,
}

/// A `[component.<id>.build]` block.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Build {
    pub command: Commands,
    pub workdir: Option<String>,
    #[serde(default, rename = "watch")]
    _watch: Ignored,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Commands {
    One(String),
    Several(Vec<String>),
}

impl Commands {
    pub fn all(&self) -> &[String] {
        match self {
            Self::One(command) => std::slice::from_ref(command),
            Self::Several(commands) => commands,
        }
    }

    /// Returns the commands in order, to change them.
    pub fn all_mut(&mut self) -> &mut [String] {
        match self {
            Self::One(command) => std::slice::from_mut(command),
            Self::Several(commands) => commands,
        }
    }
}

/// The value of a key that a host does not need.
#[derive(Clone, Copy, Debug, Default)]
struct Ignored;

impl<'de> Deserialize<'de> for Ignored {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

/// The value of a key whose feature this host does not offer, as no component here uses it.
#[derive(Clone, Copy, Debug, Default)]
struct NotOffered;

impl<'de> Deserialize<'de> for NotOffered {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom(
            "Spin knows this key, but it is not offered by this host",
        ))
    }
}
