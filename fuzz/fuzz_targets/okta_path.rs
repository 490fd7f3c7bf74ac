//! Paths at Okta: what a person or a model wrote is one segment of the path, and never leads elsewhere.
#![no_main]

use auth::id::Login;
use auth::mandate::OktaUser;
use libfuzzer_sys::fuzz_target;
use upstream_http::okta::Resource;
use url::Url;

fuzz_target!(|input: &str| {
    let (user, group) = input.split_once('\n').unwrap_or((input, ""));
    let base = Url::parse("https://acme.okta.test/?x=1").unwrap();
    let login = Login::parse(user).ok().map(OktaUser::Other);
    let resources = [
        Some(Resource::Lifecycle { user, change: "unlock" }),
        Some(Resource::Membership { group, user }),
        login.as_ref().map(Resource::User),
        login.as_ref().map(Resource::GroupsOf),
    ];
    for (resource, shape) in resources.into_iter().zip([6, 6, 4, 5]) {
        let Some(url) = resource.and_then(|resource| resource.url(&base)) else { continue };
        assert_eq!(
            (url.scheme(), url.host_str(), url.query(), url.fragment()),
            ("https", Some("acme.okta.test"), None, None)
        );
        let segments: Vec<&str> = url.path_segments().unwrap().collect();
        assert_eq!(segments.len(), shape, "{url}");
        assert_eq!(segments[..2], ["api", "v1"]);
        for segment in segments {
            assert!(!matches!(segment, "" | "." | "..") && !segment.contains(['/', '\\', '?', '#', ';']), "{url}");
            let lower = segment.to_ascii_lowercase();
            assert!(["%2e", "%2f", "%5c", "%00", "%0"].iter().all(|bad| !lower.contains(bad)), "{url}");
        }
        assert_eq!(Url::parse(url.as_str()).unwrap(), url, "read again, it is another");
    }
});
