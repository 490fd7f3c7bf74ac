use super::Trace;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN: &str = "b7ad6b7169203331";

#[test]
fn a_valid_traceparent_comes_back_as_it_was() {
    for flags in ["00", "01"] {
        let text = format!("00-{TRACE}-{SPAN}-{flags}");
        assert_eq!(Trace::parse(&text).unwrap().to_string(), text);
    }
}

#[test]
fn flags_that_we_do_not_know_are_not_passed_on() {
    assert_eq!(Trace::parse(&format!("00-{TRACE}-{SPAN}-ff")).unwrap().to_string(), format!("00-{TRACE}-{SPAN}-01"));
    assert_eq!(Trace::parse(&format!("00-{TRACE}-{SPAN}-fe")).unwrap().to_string(), format!("00-{TRACE}-{SPAN}-00"));
}

#[test]
fn a_later_version_is_read_by_its_first_four_fields() {
    for text in [format!("01-{TRACE}-{SPAN}-01"), format!("cc-{TRACE}-{SPAN}-01-what-the-future-holds")] {
        assert_eq!(Trace::parse(&text).unwrap().to_string(), format!("00-{TRACE}-{SPAN}-01"));
    }
}

#[test]
fn anything_else_is_no_traceparent() {
    for text in [
        String::new(),
        "00".to_owned(),
        format!("00-{TRACE}-{SPAN}"),
        format!("00-{TRACE}-{SPAN}-01-more"),
        format!("00-{TRACE}-{SPAN}-01-"),
        format!("00-{TRACE}-{SPAN}-1"),
        format!("00-{TRACE}-{SPAN}-0x"),
        format!("00-{TRACE}-{SPAN}-+1"),
        format!("ff-{TRACE}-{SPAN}-01"),
        format!("0-{TRACE}-{SPAN}-01"),
        format!("0g-{TRACE}-{SPAN}-01"),
        format!("cc-{TRACE}-{SPAN}-01.more"),
        format!(" 00-{TRACE}-{SPAN}-01"),
        format!("00-{TRACE}-{SPAN}-01 "),
        format!("00-{}-{SPAN}-01", TRACE.to_uppercase()),
        format!("00-{}-{SPAN}-01", "0".repeat(32)),
        format!("00-{TRACE}-{}-01", "0".repeat(16)),
        format!("00-{TRACE}0-{SPAN}-01"),
        format!("00-{TRACE}-{SPAN}0-01"),
        format!("00-{TRACE}-b7ad6b716920333\u{e9}-01"),
    ] {
        assert_eq!(Trace::parse(&text), None, "{text:?}");
    }
}

#[test]
fn an_xray_header_names_the_same_trace() {
    let header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
    let trace = Trace::of_xray(header).unwrap();
    assert_eq!(trace.to_string(), "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01");
    let unsampled = Trace::of_xray("Sampled=0; Parent=53995c3f42cd8ad8; Root=1-5759e988-bd862e3fe1be46a994272793");
    assert_eq!(unsampled.unwrap().to_string(), "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-00");
}

#[test]
fn an_xray_header_without_a_parent_starts_a_span() {
    let trace = Trace::of_xray("Root=1-5759e988-bd862e3fe1be46a994272793").unwrap();
    assert_eq!(Trace::parse(&trace.to_string()), Some(trace));
}

#[test]
fn anything_else_is_no_xray_header() {
    for header in [
        "",
        "Parent=53995c3f42cd8ad8;Sampled=1",
        "Root=2-5759e988-bd862e3fe1be46a994272793",
        "Root=1-5759e98-bd862e3fe1be46a994272793",
        "Root=1-5759e988bd862e3fe1be46a994272793",
        "Root=1-5759E988-bd862e3fe1be46a994272793",
        "Root=1-00000000-000000000000000000000000",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=0000000000000000",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=x",
    ] {
        assert_eq!(Trace::of_xray(header), None, "{header:?}");
    }
}

#[test]
fn a_child_keeps_the_trace_and_has_a_span_of_its_own() {
    let parent = Trace::of_request("r-1");
    let (one, two) = (parent.child("session"), parent.child("check"));
    assert_eq!(one.trace_id(), parent.trace_id());
    assert_ne!(one.span_id(), parent.span_id());
    assert_ne!(one.span_id(), two.span_id());
    assert_eq!(Trace::parse(&one.to_string()), Some(one));
    assert_ne!(Trace::of_request("r-2").trace_id(), parent.trace_id());
}
