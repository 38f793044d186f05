//! Finds the component that answers a path. The library that matches is the one that Spin uses, so precedence is the same.

use anyhow::anyhow;
use routefinder::Router;

use crate::manifest::Trigger;

/// The routes of an app.
pub(crate) struct Routes {
    router: Router<usize>,
    triggers: Vec<Trigger>,
}

/// A route that matched a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Match<'a> {
    pub component: &'a str,
    /// The route as written in the manifest.
    pub route: &'a str,
    /// The part of the path that a trailing `/...` matched, with its leading slash. Empty for other routes.
    pub path_info: String,
    /// The name and the value of each `:name` in the route.
    pub parameters: Vec<(String, String)>,
}

impl Routes {
    /// Reads the routes of a manifest. Of two equal routes the later one counts, as in Spin.
    ///
    /// # Errors
    /// Fails if a route is malformed. The message names it.
    pub fn of(triggers: &[Trigger]) -> anyhow::Result<Self> {
        let mut router = Router::new();
        for (index, trigger) in triggers.iter().enumerate() {
            let later = &triggers[index + 1..];
            if !later.iter().any(|other| other.route == trigger.route) {
                router
                    .add(router_pattern(&trigger.route), index)
                    .map_err(|problem| {
                        anyhow!("[[trigger.http]] route {:?}: {problem}", trigger.route)
                    })?;
            }
        }
        Ok(Self {
            router,
            triggers: triggers.to_vec(),
        })
    }

    /// Returns the best match for a path.
    pub fn find(&self, path: &str) -> Option<Match<'_>> {
        let found = self.router.best_match(path)?;
        let trigger = self.triggers.get(*found.handler())?;
        let captures = found.captures();
        Some(Match {
            component: &trigger.component,
            route: &trigger.route,
            path_info: captures
                .wildcard()
                .map(|rest| path_info(rest, path))
                .unwrap_or_default(),
            parameters: captures
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        })
    }
}

fn router_pattern(route: &str) -> String {
    let route = if route.starts_with('/') {
        route.to_owned()
    } else {
        format!("/{route}")
    };
    match route.strip_suffix("/...") {
        Some(prefix) => format!("{prefix}/*"),
        None => route.strip_suffix('/').unwrap_or(&route).to_owned(),
    }
}

/// Returns the rest of a path with its slashes. The library drops them, but Spin passes them on.
fn path_info(rest: &str, path: &str) -> String {
    match (rest.is_empty(), path.ends_with('/')) {
        (true, false) => String::new(),
        (true, true) => "/".to_owned(),
        (false, false) => format!("/{rest}"),
        (false, true) => format!("/{rest}/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Found = (String, String, Vec<(String, String)>);

    fn component(routes: &[&str], path: &str) -> Option<String> {
        found(routes, path).map(|(route, ..)| route)
    }

    fn found(routes: &[&str], path: &str) -> Option<Found> {
        let triggers: Vec<_> = routes
            .iter()
            .map(|route| Trigger {
                route: (*route).to_owned(),
                component: (*route).to_owned(),
            })
            .collect();
        let routes = Routes::of(&triggers).unwrap();
        let found = routes.find(path)?;
        Some((
            found.component.to_owned(),
            found.path_info,
            found.parameters,
        ))
    }

    #[test]
    fn exact_route_ignores_trailing_slash() {
        assert_eq!(component(&["/a/b"], "/a/b").unwrap(), "/a/b");
        assert_eq!(component(&["/a/b"], "/a/b/").unwrap(), "/a/b");
        assert_eq!(component(&["/a/b"], "/a"), None);
        assert_eq!(component(&["/a/b"], "/a/b/c"), None);
        assert_eq!(component(&["/"], "/").unwrap(), "/");
    }

    #[test]
    fn exact_precedes_parameter_precedes_wildcard() {
        for routes in [["/a/b", "/a/:x", "/a/..."], ["/a/...", "/a/:x", "/a/b"]] {
            assert_eq!(component(&routes, "/a/b").unwrap(), "/a/b");
            assert_eq!(component(&routes, "/a/c").unwrap(), "/a/:x");
            assert_eq!(component(&routes, "/a/c/d").unwrap(), "/a/...");
        }
    }

    #[test]
    fn the_longest_wildcard_wins() {
        let routes = ["/one/...", "/one/two/...", "/..."];
        assert_eq!(
            component(&routes, "/one/two/three").unwrap(),
            "/one/two/..."
        );
        assert_eq!(component(&routes, "/one/three").unwrap(), "/one/...");
        assert_eq!(component(&routes, "/three").unwrap(), "/...");
    }

    #[test]
    fn wildcard_matches_prefix_and_keeps_slashes() {
        for (path, info) in [
            ("/test", ""),
            ("/test/", "/"),
            ("/test/a", "/a"),
            ("/test/a/b/", "/a/b/"),
        ] {
            assert_eq!(found(&["/test/..."], path).unwrap().1, info, "{path}");
        }
    }

    #[test]
    fn parameters_are_captured_by_name() {
        let (_, info, parameters) =
            found(&["/documents/:kind/:id"], "/documents/pay_app/pa_1").unwrap();
        assert_eq!(info, "");
        let expected = [("kind", "pay_app"), ("id", "pa_1")];
        assert_eq!(
            parameters,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn later_of_equal_routes_counts() {
        let triggers = ["first", "second"].map(|component| Trigger {
            route: "/a".to_owned(),
            component: component.to_owned(),
        });
        assert_eq!(
            Routes::of(&triggers).unwrap().find("/a").unwrap().component,
            "second"
        );
    }
}
