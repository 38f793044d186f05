use bytes::Bytes;
use http::{Response, StatusCode, header};

use crate::gateway;
use crate::xml::escape;

/// Renders the page on which the signed-in person picks a company and decides. `companies` holds realm ids with names.
pub(crate) fn consent_page(
    parameters: &[(String, String)],
    companies: &[(&str, &str)],
) -> Response<Bytes> {
    let hidden: String = parameters
        .iter()
        .map(|(name, value)| {
            let (name, value) = (escape(name), escape(value));
            format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n")
        })
        .collect();
    let options: String = companies
        .iter()
        .map(|(realm, name)| {
            let (realm, name) = (escape(realm), escape(name));
            format!("<option value=\"{realm}\">{name}</option>\n")
        })
        .collect();
    page(
        StatusCode::OK,
        "Connect to QuickBooks (simulated)",
        &format!(
            "<form method=\"post\" action=\"/connect/oauth2\">\n{hidden}\
             <p><label>Company <select name=\"realm\">\n{options}</select></label></p>\n\
             <p>This app would like to read and write the accounting data of the company.</p>\n\
             <button name=\"decision\" value=\"connect\">Connect</button>\n\
             <button name=\"decision\" value=\"cancel\">Cancel</button>\n</form>"
        ),
    )
}

/// Renders the page that the person sees instead of being sent back.
pub(crate) fn error_page(status: StatusCode, message: &str) -> Response<Bytes> {
    let message = escape(message);
    page(
        status,
        "Sorry, but that did not work",
        &format!("<p role=\"alert\">{message}</p>"),
    )
}

/// Renders a page that, like Intuit's, refuses to be framed.
fn page(status: StatusCode, title: &str, content: &str) -> Response<Bytes> {
    let body = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body><main><h1>{title}</h1>\n{content}\n</main></body></html>\n"
    );
    let mut answer = gateway::answer(status, "text/html;charset=UTF-8", body);
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        header::HeaderValue::from_static("frame-ancestors 'none'"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consent_page_escapes_request_parameters() {
        let parameters = [("state".to_owned(), "\"><script>".to_owned())];
        let answer = consent_page(&parameters, &[("77", "O'Neil & Sons")]);
        let body = std::str::from_utf8(answer.body()).unwrap();
        assert!(body.contains("name=\"state\" value=\"&quot;&gt;&lt;script&gt;\""));
        assert!(body.contains("<option value=\"77\">O&#39;Neil &amp; Sons</option>"));
        assert!(body.contains("name=\"decision\" value=\"cancel\""));
        assert_eq!(
            answer.headers()["content-security-policy"],
            "frame-ancestors 'none'"
        );
    }

    #[test]
    fn error_page_does_not_redirect() {
        let answer = error_page(StatusCode::BAD_REQUEST, "no <such> app");
        assert_eq!(answer.status(), 400);
        assert!(answer.headers().get("location").is_none());
        assert!(
            std::str::from_utf8(answer.body())
                .unwrap()
                .contains("no &lt;such&gt; app")
        );
    }
}
