//! The checks of one document.

use super::*;

/// A document with its record.
pub struct Document<'a> {
    pub company: &'a Company<'a>,
    pub record: &'a DocumentRecord,
}

impl Document<'_> {
    pub fn check_conflict(&self, entry: Option<&QueueEntry>) -> Result<(), String> {
        let conflict = records::conflict_code(self.record);
        let marked = entry.is_some_and(|entry| entry.state == EntryState::Conflict);
        if conflict.is_some() != marked {
            return Err(format!("is {conflict:?} and marked {marked} in the queue"));
        }
        let finished = matches!(
            self.record.status,
            DocumentStatus::Posted | DocumentStatus::Voided
        );
        let conflicting = self.conflicting();
        if let (true, Some((kind, id))) = (finished, conflicting.first()) {
            return Err(format!("is no conflict although {kind} {id} differs"));
        }
        let Some(code) = conflict else {
            return Ok(());
        };
        // If RIVET is to overwrite the edit of a person, even of a memo, a person decides.
        // A newer revision that QuickBooks refused is known to the record, and yet to be written.
        let is_newer = entry.is_some_and(|entry| records::is_newer(entry, self.record));
        let writes = is_newer || self.company.effect(self.record) != self.wanted_effect();
        let has_edits = || {
            let mut edits = self.edits().into_iter();
            edits.any(|logged| logged.change.by == Actor::Person)
        };
        let mut posted = self.record.posted.iter();
        let differs = posted.any(|posted| self.is_different(posted)) || (writes && has_edits());
        let is_explained =
            self.is_partly_unapplied() || self.has_lost_classes() || self.has_number_of_before();
        if code == "posted_differently" && is_explained {
            return Ok(());
        }
        if differs || code == "payments_applied" {
            let shown = records::conflict_objects(self.record);
            // The conflict of a newer revision shows the objects that the revision changes, and may omit the others.
            let is_shown = conflicting.iter().any(|object| shown.contains(object));
            let missing = conflicting.iter().find(|object| !shown.contains(object));
            return match missing.filter(|_| !(writes && is_shown)) {
                Some(missing) if code != "payments_applied" => Err(format!(
                    "does not show the two versions of {missing:?}: {shown:?}"
                )),
                _ => Ok(()),
            };
        }
        let why = records::reason_text(self.record);
        Err(format!(
            "is a conflict ({code}) although nothing differs: {why}"
        ))
    }

    /// Returns whether QuickBooks applied only a part of a payment, because it accepted more than what was open.
    fn is_partly_unapplied(&self) -> bool {
        let payments = self.payments();
        let mut now = payments.filter_map(|id| self.company.current(("Payment", id)));
        self.company.run.given.behaviour.is_lenient && now.any(|now| now.has_rest())
    }

    /// Returns whether QuickBooks dropped the classes of what RIVET wrote, and nothing else: a person had turned class tracking off.
    fn has_lost_classes(&self) -> bool {
        let objects = self.record.conflict.iter().flat_map(|it| &it.objects);
        let fields = objects.flat_map(|object| &object.fields);
        let differs = |field: &&FieldDiff| field.rivet.is_some() && field.rivet != field.quickbooks;
        let mut differing = fields.filter(differs).peekable();
        differing.peek().is_some()
            && differing.all(|field| field.name == "class" && field.quickbooks.is_none())
    }

    /// Returns whether QuickBooks assigned another number than RIVET sent, and a person let RIVET give the numbers again before RIVET read
    /// that QuickBooks did.
    fn has_number_of_before(&self) -> bool {
        let mut posted = self.record.posted.iter();
        let is_assigned = |posted: &PostedObject| {
            let (kind, id) = (kind_of(posted), posted.id.as_str());
            let written = self.company.written((&kind, id));
            written.is_some_and(|written| posted.number.as_ref() != Some(&written.number))
        };
        self.company.has_switched_preferences() && posted.any(is_assigned)
    }

    /// Returns whether that was told when RIVET posted a payment, which may be gone since.
    fn was_partly_unapplied(&self) -> bool {
        let mut ours = self.company.changes.iter().filter(|it| it.is_ours());
        let is_its = |logged: &LoggedChange| self.payments().any(|id| logged.is_of("Payment", id));
        let has_rest = |logged: &LoggedChange| {
            let transaction = logged.transaction.as_ref();
            transaction.is_some_and(Transaction::has_rest)
        };
        let is_lenient = self.company.run.given.behaviour.is_lenient;
        is_lenient && ours.any(|logged| is_its(logged) && has_rest(logged))
    }

    /// Returns the ids of the document's own payments.
    fn payments(&self) -> impl Iterator<Item = &str> {
        let posted = self.record.posted.iter();
        let payments = posted.filter(|posted| kind_of(posted) == "Payment");
        payments.map(|posted| posted.id.as_str())
    }

    /// Returns the objects that conflict with what RIVET wrote.
    fn conflicting(&self) -> Vec<(String, String)> {
        let mut conflicting = Vec::new();
        for posted in &self.record.posted {
            let (kind, id) = (kind_of(posted), posted.id.as_str());
            let Some(written) = self.company.written((&kind, id)) else {
                continue;
            };
            let merged_id =
                |transaction: &Transaction| transaction.with_ids(|id| self.company.merged_id(id));
            let mut written = merged_id(written);
            let differs = match self.company.current((&kind, id)).as_ref().map(merged_id) {
                // An object without effect leaves nothing behind, nor does one that was deleted before RIVET could reverse it.
                None => {
                    posted.is_active || !(written.has_no_effect() || posted.is_marked_deleted())
                }
                Some(now) => {
                    if self
                        .company
                        .has_number_of_its_own(self.record, posted, &now)
                    {
                        written.number.clone_from(&now.number);
                    }
                    written.conflicts_with(&now) && (posted.is_active || !now.has_no_effect())
                }
            };
            if differs {
                conflicting.push((kind, id.to_owned()));
            }
        }
        conflicting
    }

    /// Returns whether an object may count as different.
    fn is_different(&self, posted: &PostedObject) -> bool {
        let (kind, id) = (kind_of(posted), posted.id.as_str());
        let written = self.company.written((&kind, id));
        let now = self.company.current((&kind, id));
        written.is_some_and(|written| now.is_none_or(|now| written.conflicts_with(&now)))
    }

    pub fn check_paid(&self) -> Result<(), String> {
        let mut paid = Decimal::ZERO;
        for posted in self
            .record
            .active_objects()
            .filter(|posted| posted.is_receivable())
        {
            let kind = kind_of(posted);
            let Some(now) = self.company.current((&kind, &posted.id)) else {
                return Ok(());
            };
            paid += match kind.as_str() {
                "Invoice" => now.total - now.balance - self.company.returned((&kind, &posted.id)),
                _ => self.company.applied((&kind, &posted.id)),
            };
        }
        let known = records::paid_amount(self.record);
        if known == paid {
            return Ok(());
        }
        Err(format!("is paid with {paid}, and known is {known}"))
    }

    pub fn check_notified_once(&self) -> Result<(), String> {
        let edits = self.edits();
        let of = |kind| -> Vec<&Line> { self.lines().filter(|line| line.kind == kind).collect() };
        let changes = of(DetectedAs::Changed);
        let differs = !self.conflicting().is_empty();
        if changes.is_empty() && differs && records::conflict_code(self.record).is_some() {
            return Err("differs, and nobody was told".into());
        }
        // Each new revision of a document that differs may cause another notification.
        let told_at_once = usize::from(self.was_partly_unapplied() || self.has_number_of_before());
        let within = NOTIFY_WITHIN + self.company.run.given.behaviour.index_lag;
        let extra = self.revisions().saturating_sub(1) + told_at_once;
        for (lines, extra) in [(changes, extra), (of(DetectedAs::Paid), 0)] {
            let kind: Vec<_> = lines.iter().map(|line| line.to_string()).collect();
            let kind = kind.join("; ");
            if lines.len() > edits.len() + extra {
                let edits = edits.len();
                return Err(format!("has too many lines for {edits} changes: {kind}"));
            }
            let again = lines.windows(2).filter(|pair| {
                let (from, to) = (pair[0].at - within, pair[1].at);
                let between =
                    |logged: &&LoggedChange| (from..=to).contains(&logged.change.changed_at);
                !edits.iter().any(between)
            });
            if again.count() > extra {
                return Err(format!("notifies_documents again what it told: {kind}"));
            }
        }
        Ok(())
    }

    /// Returns the number of events about the document.
    fn revisions(&self) -> usize {
        let id = format!("{:?}", self.record.reference.id.as_ref());
        let firm = FIRMS[self.company.which];
        let events = self.company.run.billing_events.events.iter();
        let about = events.filter(|event| event.body.contains(&id) && event.body.contains(firm));
        about.count()
    }

    pub fn check_ledger_effect(&self) -> Result<(), String> {
        let others = self.edits();
        let finished = matches!(
            self.record.status,
            DocumentStatus::Posted | DocumentStatus::Voided
        );
        if !finished
            || others
                .iter()
                .any(|logged| logged.change.by == Actor::Person)
        {
            return Ok(());
        }
        let (wanted, found) = (self.wanted_effect(), self.company.effect(self.record));
        let renamed = self.company.merged.keys().next().is_some();
        if wanted == found || renamed {
            return Ok(());
        }
        Err(format!("comes to {found:?} instead of {wanted:?}"))
    }

    /// Returns the ledger effect of the document's newest version in RIVET.
    fn wanted_effect(&self) -> Effect {
        let name = format!("{} {}", FIRMS[self.company.which], self.record.reference);
        let wanted = self.company.run.billing_events.documents.get(&name);
        wanted.copied().unwrap_or_default()
    }

    fn lines(&self) -> impl Iterator<Item = &Line> {
        let about = |document: &DocumentRef| *document == self.record.reference;
        let lines = self.company.lines.iter();
        lines.filter(move |line| about(&line.document))
    }

    /// Returns the edits of its objects, and of payments that are or were applied to them.
    fn edits(&self) -> Vec<&LoggedChange> {
        let objects = self.record.posted.iter();
        let objects: Vec<_> = objects
            .map(|posted| (kind_of(posted), &posted.id))
            .collect();
        let changes = self.company.changes.iter();
        let edits = changes.filter(|logged| {
            let change = &logged.change;
            let payment = change.entity == "Payment" && self.is_paid_by(&change.id);
            let itself = objects
                .iter()
                .any(|(kind, id)| logged.is_of(kind, id) && !logged.is_ours());
            itself || payment
        });
        edits.collect()
    }

    /// Returns whether a payment was ever applied to it.
    fn is_paid_by(&self, payment: &str) -> bool {
        let changes = self.company.changes.iter();
        let mut transactions = changes
            .filter(|logged| logged.is_of("Payment", payment))
            .filter_map(|logged| logged.transaction.as_ref());
        transactions.any(|transaction| {
            let mut posted = self.record.posted.iter();
            posted.any(|posted| !share(transaction, (&kind_of(posted), &posted.id)).is_zero())
        })
    }
}
