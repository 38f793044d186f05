use crate::Simulator;

impl Simulator {
    /// Returns whether the app has the permission of a company's admin.
    pub fn has_permission(&self, realm: &str) -> bool {
        self.oauth.has_permission(realm, self.now)
    }
}
