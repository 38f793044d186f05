//! Suggests an order for the modules of a crate.

use crate::graph::edges;
use crate::repository::{Module, Package};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The name by which a file stands in the order of its own modules.
const OWN_FILE: &str = "(this file)";

/// A module uses another one, as positions in a list.
type Pairs = BTreeSet<(usize, usize)>;

/// Returns, for each file of a crate that has modules, their names top first; the present order stays where it can.
#[must_use]
pub fn suggested_order(package: &Package) -> String {
    let mut text = String::new();
    for module in &package.modules {
        let mut names: Vec<String> = module.children().map(|(name, _)| name).collect();
        if names.is_empty() {
            continue;
        }
        names.push(OWN_FILE.into());
        let pairs = pairs(package, module, &names);
        let _ = writeln!(text, "{}", module.file);
        for line in sorted(&names, &pairs) {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}

/// Returns which of the names of a module use which.
fn pairs(package: &Package, module: &Module, names: &[String]) -> Pairs {
    let depth = module.path.len();
    let position = |path: &[String]| {
        let inside = path.starts_with(&module.path);
        let name = path.get(depth).map_or(OWN_FILE, String::as_str);
        names.iter().position(|one| inside && one == name)
    };
    let edges = edges(package);
    let pairs = edges.iter();
    pairs
        .filter_map(|edge| Some((position(&edge.from)?, position(&edge.to)?)))
        .filter(|(from, to)| from != to)
        .collect()
}

/// Returns names so that each uses only names after it. Names that use each other stand together, with a note.
fn sorted(names: &[String], pairs: &Pairs) -> Vec<String> {
    let mut left: Vec<usize> = (0..names.len()).collect();
    let mut lines = Vec::new();
    while let Some(next) = left
        .iter()
        .map(|name| users(*name, &left, pairs))
        .min_by_key(BTreeSet::len)
    {
        let note = match next.len() {
            1 => "",
            _ => "  # in a circle",
        };
        lines.extend(next.iter().map(|name| format!("{}{note}", names[*name])));
        left.retain(|name| !next.contains(name));
    }
    lines
}

/// Returns a name and all that use it, also through others. The smallest such set is a circle or one name.
fn users(name: usize, left: &[usize], pairs: &Pairs) -> BTreeSet<usize> {
    let mut users = BTreeSet::from([name]);
    let mut open = vec![name];
    while let Some(used) = open.pop() {
        for user in left {
            if pairs.contains(&(*user, used)) && users.insert(*user) {
                open.push(*user);
            }
        }
    }
    users
}
