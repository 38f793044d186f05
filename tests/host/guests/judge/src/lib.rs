//! A component that plays the suite of `tests/stores` on the store that it is granted.
//!
//! `GET …/REQUIREMENT/RUN/PHASE` plays one phase and answers with `met`, or with a sentence about what the store did. `PHASE` is
//! `prepare`, the number of a client, or `check`. `GET …/verify/RUN/check` verifies the store as readiness does.

use anyhow::Context as _;
use bytes::Bytes;
use platform::back_end;
use platform::store::verify_back_end;
use spin_sdk::http::{FullBody, Request, Response};
use spin_sdk::http_service;
use stores::{Phase, Requirement, play};

#[http_service]
async fn handle(request: Request) -> anyhow::Result<Response<FullBody<Bytes>>> {
    let words: Vec<_> = request.uri().path().rsplit('/').take(3).collect();
    let [phase, run, requirement] = words[..] else {
        anyhow::bail!("the path has three words");
    };
    let outcome = match back_end::open().await {
        Ok(store) if requirement == "verify" => verify_back_end(&store, run)
            .await
            .map_err(|fault| fault.to_string()),
        Ok(store) => {
            let requirement = Requirement::named(requirement).context("no such requirement")?;
            play(&store, requirement, parse_phase(phase)?, run).await
        }
        Err(problem) => Err(format!("{problem:?}")),
    };
    let text = outcome.map_or_else(|reason| reason, |()| "met".to_owned());
    Ok(Response::new(FullBody::new(Bytes::from(text))))
}

fn parse_phase(text: &str) -> anyhow::Result<Phase> {
    Ok(match text {
        "prepare" => Phase::Prepare,
        "check" => Phase::Check,
        number => Phase::Play(number.parse().context("no such phase")?),
    })
}
