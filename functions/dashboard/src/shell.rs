//! The HTML around the page, and the rules by which browsers guard it.

use std::hash::{DefaultHasher, Hasher};

const SHELL: &str = include_str!(concat!(env!("OUT_DIR"), "/index.html"));

/// The place of `rivet_app_url` in the shell.
const APP_URL: &str = "{{rivet_app_url}}";

/// Returns the HTML of the page. The page takes sessions only from the origin of `app_url`.
pub(crate) fn html(app_url: &str) -> String {
    SHELL.replace(APP_URL, &escape(app_url))
}

/// Returns the version of the HTML, for its entity tag.
pub(crate) fn version(html: &str) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(html.as_bytes());
    format!("{:016x}", hasher.finish())
}

/// Returns the Content-Security-Policy (<https://www.w3.org/TR/CSP3/>): only files of this origin, nothing inline, and frames only
/// around the page in RIVET.
pub(crate) fn content_policy(app_origin: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; \
         form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors {app_origin}"
    )
}

/// Returns a text as the value of an HTML attribute.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '<' => escaped.push_str("&lt;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn application_address_is_escaped() {
        let html = html("https://app.example/?a=1&b=\"><script>");
        assert!(html.contains("content=\"https://app.example/?a=1&amp;b=&quot;>&lt;script>\""));
        assert!(!html.contains(APP_URL));
    }

    #[test]
    fn shell_has_nothing_inline() {
        let html = html("https://app.example/");
        assert_eq!(html.matches("<script").count(), 1);
        assert!(html.contains("<script type=\"module\" src=\"/assets/page-"));
        for inline in ["<style", " style=", " onclick=", " onload="] {
            assert!(!html.contains(inline), "{inline}");
        }
    }

    #[test]
    fn version_changes_with_the_content() {
        assert_ne!(version("a"), version("b"));
        assert_eq!(version("a"), version("a"));
    }

    #[test]
    fn policy_allows_frames_around_rivet() {
        let policy = content_policy("https://app.example");
        let end = "frame-ancestors https://app.example";
        assert!(policy.ends_with(end), "{policy}");
        assert!(!policy.contains("unsafe"));
    }
}
