//! Executes the commands on `wasi:keyvalue`. Compare-and-swap handles have names, and are dropped at the end of the script.

use std::collections::HashMap;

use spin_sdk::experimental::wasi::keyvalue::atomics::{self, Cas, CasError};
use spin_sdk::experimental::wasi::keyvalue::batch;
use spin_sdk::experimental::wasi::keyvalue::store::{self, Bucket, Error};

use crate::script::value_or_error;

/// The handles of a script.
#[derive(Default)]
pub struct Atomics(HashMap<String, Cas>);

impl Atomics {
    /// Executes a command on the default bucket. Returns `None` for other commands.
    pub fn execute(&mut self, words: &[&str]) -> anyhow::Result<Option<String>> {
        if let ["open-bucket", label] = *words {
            return Ok(Some(value_or_error(
                store::open(label).map(|_| "open".to_owned()),
            )));
        }
        let bucket = store::open("default").map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
        Ok(match *words {
            ["cas", handle, key] => Some(self.begin(&bucket, handle, key)),
            ["current", handle] => Some(self.current(handle)?),
            ["swap", handle, value] => Some(self.swap(handle, value)?),
            ["increment", key, delta] => {
                let sum = atomics::increment(&bucket, key, delta.parse()?);
                Some(value_or_error(sum.map(|sum| sum.to_string())))
            }
            ["add-one", key] => Some(add_one(&bucket, key)),
            ["list"] => Some(list(&bucket)),
            ["get-many", ref keys @ ..] => Some(get_many(&bucket, keys)),
            ["set-many", ref pairs @ ..] => Some(set_many(&bucket, pairs)),
            ["delete-many", ref keys @ ..] => {
                let keys: Vec<_> = keys.iter().map(|key| (*key).to_owned()).collect();
                Some(value_or_error(
                    batch::delete_many(&bucket, &keys).map(|()| "done".to_owned()),
                ))
            }
            _ => None,
        })
    }

    fn begin(&mut self, bucket: &Bucket, handle: &str, key: &str) -> String {
        value_or_error(Cas::new(bucket, key).map(|cas| {
            self.0.insert(handle.to_owned(), cas);
            "begun".to_owned()
        }))
    }

    fn current(&self, handle: &str) -> anyhow::Result<String> {
        let cas = self
            .0
            .get(handle)
            .ok_or_else(|| anyhow::anyhow!("no handle {handle}"))?;
        Ok(value_or_error(cas.current().map(text)))
    }

    /// Swaps a value. If the swap is lost, the new handle replaces the old one.
    fn swap(&mut self, handle: &str, value: &str) -> anyhow::Result<String> {
        let cas = self
            .0
            .remove(handle)
            .ok_or_else(|| anyhow::anyhow!("no handle {handle}"))?;
        Ok(match atomics::swap(cas, value.as_bytes()) {
            Ok(()) => "won".to_owned(),
            Err(CasError::CasFailed(retry)) => {
                self.0.insert(handle.to_owned(), retry);
                "lost".to_owned()
            }
            Err(CasError::StoreError(problem)) => format!("{problem:?}"),
        })
    }
}

/// Adds one with compare-and-swap, and starts again if another request was faster.
fn add_one(bucket: &Bucket, key: &str) -> String {
    let mut cas = match Cas::new(bucket, key) {
        Ok(cas) => cas,
        Err(problem) => return format!("{problem:?}"),
    };
    loop {
        let sum = match cas.current() {
            Ok(value) => text(value).parse().unwrap_or(0) + 1,
            Err(problem) => return format!("{problem:?}"),
        };
        match atomics::swap(cas, u64::to_string(&sum).as_bytes()) {
            Ok(()) => return sum.to_string(),
            Err(CasError::CasFailed(retry)) => cas = retry,
            Err(CasError::StoreError(problem)) => return format!("{problem:?}"),
        }
    }
}

fn list(bucket: &Bucket) -> String {
    value_or_error(bucket.list_keys(None).map(|mut answer| {
        answer.keys.sort();
        answer.keys.join(" ")
    }))
}

fn get_many(bucket: &Bucket, keys: &[&str]) -> String {
    let keys: Vec<_> = keys.iter().map(|key| (*key).to_owned()).collect();
    let pairs = batch::get_many(bucket, &keys);
    value_or_error(pairs.map(|pairs| {
        let pairs: Vec<_> = pairs
            .into_iter()
            .map(|(key, value)| format!("{key}={}", text(value)))
            .collect();
        pairs.join(" ")
    }))
}

fn set_many(bucket: &Bucket, pairs: &[&str]) -> String {
    let pairs: Vec<_> = pairs
        .iter()
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.as_bytes().to_vec()))
        .collect();
    let outcome: Result<(), Error> = batch::set_many(bucket, &pairs);
    value_or_error(outcome.map(|()| "done".to_owned()))
}

fn text(value: Option<Vec<u8>>) -> String {
    value.map_or_else(
        || "none".to_owned(),
        |value| String::from_utf8_lossy(&value).into_owned(),
    )
}
