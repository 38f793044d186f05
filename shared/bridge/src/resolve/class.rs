//! A project's class: chosen in the settings, remembered, matched, or created.

use super::matching::{Match, Wanted};
use super::{Made, held};
use crate::office::{Halt, Office};
use crate::ports::{Http, Records};
use crate::reason::Hold;
use billing::Project;
use jiff::Timestamp;
use mapping::ClassMode;

impl<H: Http, R: Records> Office<'_, H, R> {
    pub(super) async fn class(
        &mut self,
        project: &Project,
        now: Timestamp,
    ) -> Result<Option<String>, Halt> {
        let tracking = &self.settings.class_tracking;
        if tracking.mode == ClassMode::Off {
            return Ok(None);
        }
        if let Some(chosen) = tracking.projects.get(project.id.as_ref()) {
            return Ok(Some(chosen.clone()));
        }
        if tracking.mode == ClassMode::Manual {
            let field = format!("class_tracking.projects.{}", project.id);
            return Err(held(Hold::SettingsIncomplete(vec![field])));
        }
        let store = &self.bridge.store;
        let mut book = store.project(self.firm, &project.id).await?;
        if book.class_id.is_some() {
            return Ok(book.class_id);
        }
        let made = Made {
            of: project.id.as_ref(),
            times: book.creations,
        };
        let found = self.find_or_create_class(project, made, now).await;
        book.class_id = found.as_ref().ok().cloned();
        if super::is_news(&found, &mut book.creations) {
            let store = &self.bridge.store;
            store.keep_project(self.firm, &project.id, &book).await?;
        }
        found.map(Some)
    }

    async fn find_or_create_class(
        &mut self,
        project: &Project,
        made: Made<'_>,
        now: Timestamp,
    ) -> Result<String, Halt> {
        let wanted = Wanted::class(project);
        let rows = self.candidates(&wanted, now).await?;
        match wanted.among(&rows) {
            Match::Is(id) => Ok(id),
            Match::Inactive => Err(held(Hold::ClassInactive(wanted.name))),
            Match::Nothing => {
                let body = mapping::class_body(project);
                self.create(body.into(), (&wanted.name, made), now).await
            }
        }
    }
}
