//! The manifest of the components that keep their records in PostgreSQL, made from that of the others.

/// The first lines of the manifest.
const HEAD: &str = "\
# The components with their records in PostgreSQL: `spin build -f spin.postgres.toml`, `spin up -f spin.postgres.toml`.
# `cargo run -- postgres-manifest` makes this file from spin.toml; change that one.

";

/// The variables that name the database.
const VARIABLES: &str = r#"postgres_url = { required = true, secret = true, description = "The database, as postgres://user:password@host:port/database?sslmode=require" }
postgres_origin = { default = "postgres://127.0.0.1:5432", description = "Host and port of postgres_url, which the components may call" }
postgres_ca_root = { default = "", description = "Certificates in PEM, if no public authority signed that of the database" }
"#;

/// The variables that a component is granted.
const GRANTS: &str = r#"postgres_url = "{{ postgres_url }}"
postgres_ca_root = "{{ postgres_ca_root }}"
"#;

const STORES: &str = "key_value_stores = [\"default\"]\n";
const HOSTS: &str = "allowed_outbound_hosts = [";
const ORIGIN: &str = "\"{{ postgres_origin }}\"";

/// Returns the manifest of the components with their records in PostgreSQL. `manifest` is that of the same components on the
/// key-value store.
#[must_use]
pub fn postgres_manifest(manifest: &str) -> String {
    // A block is a component with all of its tables, and the triggers of the next one.
    let blocks = manifest.split_inclusive("\n\n").map(|block| {
        if block.starts_with("[variables]") {
            with_more(block, VARIABLES)
        } else if block.contains(STORES) {
            with_postgres(block)
        } else {
            block.to_owned()
        }
    });
    format!("{HEAD}{}", blocks.collect::<String>())
}

/// Adds lines to the end of a block.
fn with_more(block: &str, lines: &str) -> String {
    format!("{}\n{lines}\n", block.trim_end())
}

/// Replaces the store of a component by the host and the variables of the database, and builds it into a folder of its own.
fn with_postgres(block: &str) -> String {
    let hosts = if block.contains(HOSTS) {
        block
            .replace(STORES, "")
            .replace(HOSTS, &hosts_after(block))
    } else {
        block.replace(STORES, &format!("{HOSTS}{ORIGIN}]\n"))
    };
    let variables = hosts.replacen(".variables]\n", &format!(".variables]\n{GRANTS}"), 1);
    variables
        .replace("source = \"target/", "source = \"target/postgres/")
        .replace(
            " --release ",
            " --release --features postgres --target-dir target/postgres ",
        )
}

/// Returns the start of the list of hosts with the origin in front, on the same line or on one of its own.
fn hosts_after(block: &str) -> String {
    let is_long = block.contains(&format!("{HOSTS}\n"));
    match is_long {
        true => format!("{HOSTS}\n    {ORIGIN},"),
        false => format!("{HOSTS}{ORIGIN}, "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn store_becomes_host_and_variables() {
        let manifest = r#"[variables]
url = { default = "x" }

[component.settings]
source = "target/wasm32-wasip2/release/settings.wasm"
key_value_stores = ["default"]
allowed_outbound_hosts = ["{{ url }}"]
[component.settings.variables]
url = "{{ url }}"
[component.settings.build]
command = "cargo build --target wasm32-wasip2 --release -p settings"

[component.page]
source = "target/wasm32-wasip2/release/page.wasm"
"#;
        let block = r#"[component.settings]
source = "target/postgres/wasm32-wasip2/release/settings.wasm"
allowed_outbound_hosts = ["{{ postgres_origin }}", "{{ url }}"]
[component.settings.variables]
postgres_url = "{{ postgres_url }}"
postgres_ca_root = "{{ postgres_ca_root }}"
url = "{{ url }}"
[component.settings.build]
command = "cargo build --target wasm32-wasip2 --release --features postgres --target-dir target/postgres -p settings"
"#;
        let made = postgres_manifest(manifest);
        assert!(made.contains(block), "{made}");
        assert!(made.ends_with("source = \"target/wasm32-wasip2/release/page.wasm\"\n"));
        assert!(made.contains("url = { default = \"x\" }\npostgres_url = { required = true"));
    }

    #[test]
    fn component_without_hosts_gets_a_list() {
        let block = with_postgres("[component.status]\nkey_value_stores = [\"default\"]\n");
        let hosts = "[component.status]\nallowed_outbound_hosts = [\"{{ postgres_origin }}\"]\n";
        assert_eq!(block, hosts);
    }
}
