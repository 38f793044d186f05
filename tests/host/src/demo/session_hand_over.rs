//! Hands sessions over to the page, as RIVET does. Only the local host has these addresses, and no component.

use super::rivet::{OWNER, Rivet, User};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, COOKIE, LOCATION, SET_COOKIE};
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};

/// A user who may look at the page on this machine.
pub struct Visitor {
    /// The last part of the address that signs them in: `/local/owner`.
    pub path: &'static str,
    /// The user.
    pub user: User,
}

/// The people who may look at the page, the owner first.
pub const VISITORS: [Visitor; 5] = [
    Visitor {
        path: "owner",
        user: OWNER,
    },
    Visitor {
        path: "manager",
        user: User {
            id: "usr_18",
            name: "Morgan T.",
            role: "manager",
            plan: "pro",
        },
    },
    Visitor {
        path: "staff",
        user: User {
            id: "usr_19",
            name: "Sam K.",
            role: "staff",
            plan: "pro",
        },
    },
    Visitor {
        path: "viewer",
        user: User {
            id: "usr_20",
            name: "Vera L.",
            role: "viewer",
            plan: "pro",
        },
    },
    Visitor {
        path: "starter",
        user: User {
            plan: "starter",
            ..OWNER
        },
    },
];

/// The cookie that remembers whom the browser chose.
const CHOICE: &str = "local-visitor";

/// The query parameter of the page after its session was handed over.
const HANDED_OVER: &str = "handed";

/// RIVET, as the page on this machine sees it.
#[derive(Clone)]
pub struct SessionHandOver {
    /// The simulated RIVET, which signs the sessions.
    pub rivet: Rivet,
    /// The firm of the users.
    pub firm: String,
    /// The clock of the deployment.
    pub clock: simulator::Clock,
}

impl SessionHandOver {
    /// Returns the redirect that signs the browser in. `None` if the request is for the components.
    #[must_use]
    pub fn answer(&self, head: &Parts) -> Option<Response<Bytes>> {
        if head.method != Method::GET {
            return None;
        }
        if let Some(path) = head.uri.path().strip_prefix("/local/") {
            let visitor = VISITORS.iter().find(|visitor| visitor.path == path)?;
            let cookie = format!("{CHOICE}={}; Path=/; HttpOnly; SameSite=Lax", visitor.path);
            let mut answer = redirect("/")?;
            let cookie = HeaderValue::try_from(cookie).ok()?;
            answer.headers_mut().insert(SET_COOKIE, cookie);
            return Some(answer);
        }
        let query = head.uri.query().unwrap_or_default();
        if head.uri.path() != "/" || query.split('&').any(|pair| pair.starts_with(HANDED_OVER)) {
            return None;
        }
        let separator = if query.is_empty() { "" } else { "&" };
        let token = self.token(chosen(head));
        let page = format!("/?{query}{separator}{HANDED_OVER}=1#session={token}");
        redirect(&page)
    }

    fn token(&self, visitor: &Visitor) -> String {
        self.rivet
            .user_token(&visitor.user, &self.firm, self.clock.now())
    }
}

/// Returns whom the browser chose, or the owner.
fn chosen(head: &Parts) -> &'static Visitor {
    let cookies = head.headers.get_all(COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let choice = pairs.find(|(name, _)| *name == CHOICE);
    let visitor = choice.and_then(|(_, path)| VISITORS.iter().find(|visitor| visitor.path == path));
    visitor.unwrap_or(&VISITORS[0])
}

fn redirect(to: &str) -> Option<Response<Bytes>> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::FOUND;
    let headers = answer.headers_mut();
    headers.insert(LOCATION, HeaderValue::try_from(to).ok()?);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn answer_to(request: http::request::Builder) -> Option<Response<Bytes>> {
        let hand_over = SessionHandOver {
            rivet: Rivet::of_the_demo(),
            firm: "firm_harbor".into(),
            clock: simulator::Clock::default(),
        };
        hand_over.answer(&request.body(()).unwrap().into_parts().0)
    }

    fn location(answer: &Response<Bytes>) -> &str {
        answer.headers()[LOCATION].to_str().unwrap()
    }

    #[test]
    fn page_gets_session_in_its_fragment() {
        let answer = answer_to(Request::get("/?quickbooks=reconnected")).unwrap();
        let start = "/?quickbooks=reconnected&handed=1#session=ey";
        assert!(location(&answer).starts_with(start), "{answer:?}");
    }

    #[test]
    fn page_with_session_passes() {
        assert!(answer_to(Request::get("/?handed=1")).is_none());
        assert!(answer_to(Request::get("/v1/quickbooks/status")).is_none());
        assert!(answer_to(Request::post("/")).is_none());
    }

    #[test]
    fn chosen_visitor_is_remembered() {
        let answer = answer_to(Request::get("/local/viewer")).unwrap();
        assert_eq!(location(&answer), "/");
        let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap();
        let page = answer_to(Request::get("/").header(COOKIE, cookie)).unwrap();
        let owners = answer_to(Request::get("/")).unwrap();
        assert_ne!(location(&page), location(&owners));
        assert!(answer_to(Request::get("/local/admin")).is_none());
    }
}
