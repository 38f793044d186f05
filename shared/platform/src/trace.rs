//! The trace that a request belongs to (W3C Trace Context, header `traceparent`).

/// Returns the trace id of a header `traceparent`, if the header is well formed (W3C Trace Context section 3.2.2).
pub(crate) fn trace_id(traceparent: &str) -> Option<&str> {
    let mut parts = traceparent.trim().split('-');
    let (version, trace, parent) = (parts.next()?, parts.next()?, parts.next()?);
    let flags = parts.next()?;
    let is_later_version = version != "00";
    let is_known = is_hex(version, 2) && version != "ff";
    let is_well_formed = is_hex(trace, 32) && is_hex(parent, 16) && is_hex(flags, 2);
    let is_set = [trace, parent]
        .iter()
        .all(|id| id.bytes().any(|byte| byte != b'0'));
    let has_end = is_later_version || parts.next().is_none();
    (is_known && is_well_formed && is_set && has_end).then_some(trace)
}

fn is_hex(text: &str, length: usize) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == length && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn traceparent_returns_its_trace_id() {
        for header in [
            format!("00-{TRACE}-00f067aa0ba902b7-01"),
            format!("cc-{TRACE}-00f067aa0ba902b7-01-what-comes-later"),
        ] {
            assert_eq!(trace_id(&header), Some(TRACE), "{header}");
        }
    }

    #[test]
    fn malformed_traceparent_has_no_trace_id() {
        let zeros = "0".repeat(32);
        for header in [
            String::new(),
            TRACE.to_owned(),
            format!("00-{TRACE}-00f067aa0ba902b7"),
            format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
            format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            format!("00-{zeros}-00f067aa0ba902b7-01"),
            format!("00-{TRACE}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            format!("00-{TRACE}\"-00f067aa0ba902b7-01"),
        ] {
            assert_eq!(trace_id(&header), None, "{header}");
        }
    }
}
