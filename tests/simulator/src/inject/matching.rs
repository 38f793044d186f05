use super::{Effect, Injection, RequestKind};
use crate::call::Call;
use crate::{CallClass, Simulator};

impl Injection {
    fn matches(&self, call: &Call) -> bool {
        let batch_only = matches!(
            self.effect,
            Effect::Item { .. } | Effect::ItemInternalError { .. } | Effect::Partial { .. }
        );
        self.realm
            .as_deref()
            .is_none_or(|realm| call.realm() == Some(realm))
            && self.kind.is_none_or(|kind| kind.includes(call))
            && self
                .path
                .as_deref()
                .is_none_or(|part| call.path.contains(part))
            && self
                .body
                .as_deref()
                .is_none_or(|part| contains(&call.body, part.as_bytes()))
            && self.asks.as_deref().is_none_or(|part| {
                call.parameter("query")
                    .is_some_and(|text| text.contains(part))
            })
            && (!batch_only || RequestKind::Batch.includes(call))
    }

    /// Counts a matching request. Returns whether the rule applies to the request.
    fn use_once(&mut self) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        match &mut self.times {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None => true,
        }
    }
}

impl RequestKind {
    fn includes(self, call: &Call) -> bool {
        let class = call.class;
        match self {
            Self::Read => class == CallClass::Read,
            Self::Query => {
                matches!(class, CallClass::Batch { writes: 0, .. }) || call.path.ends_with("/query")
            }
            Self::Write => class.can_write(),
            Self::Batch => matches!(class, CallClass::Batch { .. }),
            Self::Token => class == CallClass::Token,
            Self::Revoke => class == CallClass::Revoke,
        }
    }
}

impl Simulator {
    /// Returns the effect of the first rule that applies to the call. Drops rules that are used up.
    pub(crate) fn take_effect(&mut self, call: &Call) -> Option<Effect> {
        let effect = self
            .rules
            .iter_mut()
            .find_map(|rule| (rule.matches(call) && rule.use_once()).then(|| rule.effect.clone()));
        self.rules.retain(|rule| rule.times != Some(0));
        effect
    }
}

fn contains(body: &[u8], part: &[u8]) -> bool {
    part.is_empty() || body.windows(part.len()).any(|window| window == part)
}
