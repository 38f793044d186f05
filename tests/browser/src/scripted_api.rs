//! An API whose answers a state writes down, before the real component that serves the page.

use crate::states::State;
use bytes::Bytes;
use host::Front;
use http::header::{CONTENT_TYPE, DATE, ETAG, HeaderValue, IF_NONE_MATCH};
use http::request::Parts;
use http::{Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The path below which answers are scripted.
const BASE: &str = "/v1/quickbooks/";

/// The scripted answers of the state that is played. Clones share them.
#[derive(Clone, Default)]
pub struct ScriptedApi(Arc<Mutex<Script>>);

#[derive(Default)]
struct Script {
    answers: Map<String, Value>,
    now: Timestamp,
    /// The number of requests so far, by the name of their answer.
    asked: HashMap<String, usize>,
}

impl ScriptedApi {
    /// Answers as a state says, from now on.
    ///
    /// # Errors
    /// If the state's time is none.
    pub fn play(&self, state: &State) -> anyhow::Result<()> {
        let script = Script {
            answers: state.answers.clone(),
            now: state.now.parse()?,
            asked: HashMap::new(),
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = script;
        Ok(())
    }

    /// Answers a request of the page. Other requests are for the component.
    #[must_use]
    pub fn answer(&self, head: &Parts) -> Front {
        let Some(path) = head.uri.path().strip_prefix(BASE) else {
            return Front::Pass;
        };
        let mut script = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        script.answer(head, path)
    }
}

impl Script {
    fn answer(&mut self, head: &Parts, path: &str) -> Front {
        let name = format!("{} {path}", head.method);
        let exact = format!("{name}?{}", head.uri.query().unwrap_or_default());
        let name = if self.answers.contains_key(&exact) {
            exact
        } else {
            name
        };
        let asked = self.asked.entry(name.clone()).or_default();
        let position = *asked;
        *asked += 1;
        let missing = json!({ "$status": 404, "code": "not_found", "detail": "There is nothing at this address." });
        let value = match self.answers.get(&name) {
            Some(Value::Array(list)) => list.get(position).or(list.last()).unwrap_or(&missing),
            Some(value) => value,
            None => &missing,
        };
        if value["$offline"] == true {
            return Front::Hang;
        }
        let answer = response(value, head.headers.get(IF_NONE_MATCH));
        Front::Answer(self.dated(answer))
    }

    fn dated(&self, mut answer: Response<Bytes>) -> Response<Bytes> {
        let date = self.now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        answer
            .headers_mut()
            .extend(HeaderValue::try_from(date).ok().map(|date| (DATE, date)));
        answer
    }
}

/// Returns the answer that a value describes: a body, or `$status` beside the members of a body.
fn response(value: &Value, known: Option<&HeaderValue>) -> Response<Bytes> {
    let mut body = value.clone();
    let status = body.as_object_mut().and_then(|body| body.remove("$status"));
    let status = status.and_then(|status| u16::try_from(status.as_u64()?).ok());
    let text = body.to_string();
    let tag = HeaderValue::try_from(format!("\"{}\"", hash(&text))).ok();
    let is_known = status.is_none() && tag.as_ref() == known && known.is_some();
    let mut answer = Response::new(Bytes::from(if is_known { String::new() } else { text }));
    let code = if is_known { 304 } else { status.unwrap_or(200) };
    *answer.status_mut() = StatusCode::from_u16(code).unwrap_or_default();
    let kind = if code >= 400 {
        "application/problem+json"
    } else {
        "application/json"
    };
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.headers_mut().extend(tag.map(|tag| (ETAG, tag)));
    answer
}

/// Returns a number that differs for different texts (FNV-1a).
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn answers(script: &Value) -> ScriptedApi {
        let api = ScriptedApi::default();
        let state = State {
            answers: script.as_object().unwrap().clone(),
            now: "2026-07-10T14:03:30Z".into(),
            ..crate::states::load("connected").unwrap()
        };
        api.play(&state).unwrap();
        api
    }

    fn get(api: &ScriptedApi, path: &str) -> Front {
        api.answer(&Request::get(path).body(()).unwrap().into_parts().0)
    }

    fn body(front: Front) -> String {
        match front {
            Front::Answer(answer) => String::from_utf8(answer.into_body().to_vec()).unwrap(),
            Front::Pass | Front::Hang => String::new(),
        }
    }

    #[test]
    fn list_answers_one_after_another() {
        let api = answers(&json!({ "GET status": [1, 2] }));
        let path = "/v1/quickbooks/status";
        let asked = [0, 1, 2].map(|_| body(get(&api, path)));
        assert_eq!(asked, ["1", "2", "2"]);
    }

    #[test]
    fn query_precedes_path() {
        let api = answers(&json!({ "GET a": 1, "GET a?b=c": 2 }));
        assert_eq!(body(get(&api, "/v1/quickbooks/a?b=c")), "2");
        assert_eq!(body(get(&api, "/v1/quickbooks/a?b=d")), "1");
    }

    #[test]
    fn other_paths_are_for_the_component() {
        let api = answers(&json!({}));
        assert!(matches!(get(&api, "/"), Front::Pass));
        assert!(matches!(get(&api, "/v1/quickbooks/x"), Front::Answer(_)));
    }
}
