use super::bearer;
use crate::call::Call;
use crate::fault::Fault;
use crate::inject::{Commit, Effect};
use crate::{Reply, Simulator, api, gateway};

impl Simulator {
    /// Serves a request as a rule wants it to go wrong.
    pub(super) fn go_wrong(&mut self, call: &Call, effect: &Effect) -> Reply {
        match effect {
            Effect::Slow(after) => Reply::Slow {
                after: *after,
                answer: self.serve(call, None),
            },
            Effect::ForgetRequestIds => {
                self.forget_request_ids(call.realm());
                Reply::Answer(self.serve(call, None))
            }
            Effect::Item { .. } => Reply::Answer(self.serve(call, Some(effect))),
            Effect::Partial { then, .. } => {
                self.serve(call, Some(effect));
                self.broken(call, then)
            }
            Effect::ApplicationError(Commit::After) | Effect::Dropped(Commit::After) => {
                self.serve(call, None);
                self.broken(call, effect)
            }
            _ => self.broken(call, effect),
        }
    }

    /// The answer that hides whether anything was done.
    fn broken(&self, call: &Call, effect: &Effect) -> Reply {
        let now = self.now();
        let fault = |fault: Fault| api::respond(call, now, Err(fault));
        Reply::Answer(match effect {
            Effect::Dropped(_) => return Reply::Dropped,
            Effect::Throttled => gateway::throttled(now),
            Effect::Unavailable => gateway::unavailable(),
            Effect::Unauthorized => gateway::unauthorized(bearer(call).unwrap_or_default(), now),
            Effect::Forbidden => gateway::forbidden(now),
            Effect::SubscriptionEnded => fault(Fault::subscription_ended()),
            Effect::Refused {
                code,
                message,
                detail,
            } => fault(Fault::new(code, message, detail.clone())),
            _ => fault(Fault::application_error()),
        })
    }
}
