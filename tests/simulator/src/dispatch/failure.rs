use super::bearer_token;
use crate::call::Call;
use crate::fault::Fault;
use crate::inject::{Commit, Effect};
use crate::{Reply, Simulator, api, gateway};

impl Simulator {
    /// Serves a request with the failure that an injection gives to it.
    pub(super) fn apply_effect(&mut self, call: &Call, effect: &Effect) -> Reply {
        match effect {
            Effect::Slow(after) => Reply::Slow {
                after: *after,
                answer: self.serve(call, None),
            },
            Effect::ForgetRequestIds => {
                self.clear_request_ids(call.realm());
                Reply::Answer(self.serve(call, None))
            }
            Effect::Item { .. } | Effect::ItemInternalError { .. } => {
                Reply::Answer(self.serve(call, Some(effect)))
            }
            Effect::Partial { then, .. } => {
                self.serve(call, Some(effect));
                self.failed_reply(call, then)
            }
            Effect::ApplicationError(Commit::After)
            | Effect::Dropped(Commit::After)
            | Effect::Outage(_, Commit::After) => {
                self.serve(call, None);
                self.failed_reply(call, effect)
            }
            _ => self.failed_reply(call, effect),
        }
    }

    /// Returns the reply of a failed request. The reply is the same whether the work was done or not.
    fn failed_reply(&self, call: &Call, effect: &Effect) -> Reply {
        let now = self.now();
        let fault = |fault: Fault| api::respond(call, now, Err(fault));
        Reply::Answer(match effect {
            Effect::Dropped(_) => return Reply::Dropped,
            Effect::Throttled => gateway::throttled(now),
            Effect::Unavailable => gateway::unavailable(),
            Effect::Unauthorized => {
                gateway::unauthorized(bearer_token(call).unwrap_or_default(), now)
            }
            Effect::Forbidden => gateway::forbidden(now),
            Effect::Outage(outage, _) => outage.answer(now),
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
