//! What a deployment refuses before anything is made, in words that name it.

use crate::deployment::Deployment;

/// A parameter, a value of it, the profile that it is refused in, and how the refusal begins.
const REFUSED: [(&str, &str, &str, &str); 10] = [
    ("Profile", "laptop", "laptop", "Profile=laptop"),
    ("Keycards", "off", "production", "Keycards=off"),
    ("Keycards", "off", "trial", "Keycards=off"),
    ("DeletionProtection", "off", "production", "DeletionProtection=off"),
    ("LogRetentionDays", "7", "production", "LogRetentionDays below 90"),
    ("LogRetentionDays", "30", "production", "LogRetentionDays below 90"),
    ("AuditDays", "1", "production", "AuditDays below 30"),
    ("AuditDays", "29", "production", "AuditDays below 30"),
    ("UserClaim", "email", "production", "UserClaim=email"),
    ("UserClaim", "email", "trial", "UserClaim=email"),
];

#[test]
fn each_weakening_is_refused_by_its_name_and_alone() {
    for (parameter, value, profile, begins) in REFUSED {
        for kind in ["AgentCore", "Classic"] {
            let complaints = Deployment::whole(kind).with(&[("Profile", profile), (parameter, value)]).complaints();
            let [complaint] = complaints.as_slice() else { panic!("{parameter}={value}: {complaints:?}") };
            assert!(complaint.starts_with(begins), "{complaint}");
        }
    }
}

#[test]
fn what_is_as_it_should_be_is_not_refused() {
    for kind in ["AgentCore", "Classic"] {
        for profile in ["trial", "production"] {
            let whole = Deployment::whole(kind).with(&[("Profile", profile)]);
            assert_eq!(whole.complaints(), Vec::<String>::new(), "{kind} {profile}");
            let first = Deployment::first(kind).with(&[("Profile", profile)]);
            assert_eq!(first.complaints(), Vec::<String>::new(), "{kind} {profile}");
        }
    }
    let trial = Deployment::whole("Classic").with(&[
        ("Profile", "trial"),
        ("DeletionProtection", "off"),
        ("LogRetentionDays", "7"),
        ("AuditDays", "1"),
        ("UserClaim", "email"),
        ("EmailConnections", "okta-oidc"),
    ]);
    assert_eq!(trial.complaints(), Vec::<String>::new());
}

#[test]
fn a_gateway_or_an_application_without_its_keys_is_refused() {
    let lacking = [
        ("AgentCore", "GatewayAudience", ""),
        ("AgentCore", "GatewayClients", ""),
        ("AgentCore", "GatewayTicketSeed", "unset"),
        ("AgentCore", "GatewayTicketKid", ""),
        ("Classic", "WebTicketSeed", "unset"),
        ("Classic", "WebTicketKid", ""),
    ];
    for (kind, parameter, value) in lacking {
        let complaints = Deployment::whole(kind).with(&[(parameter, value)]).complaints();
        let [complaint] = complaints.as_slice() else { panic!("{parameter}: {complaints:?}") };
        assert!(complaint.contains(parameter), "{complaint}");
    }
    assert_eq!(Deployment::whole("Classic").with(&[("GatewayAudience", "")]).complaints(), Vec::<String>::new());
}

#[test]
fn a_table_in_production_is_protected_whatever_the_parameter_says() {
    for (profile, protection, protected) in
        [("production", "off", true), ("production", "on", true), ("trial", "on", true), ("trial", "off", false)]
    {
        let deployment = Deployment::first("Classic").with(&[("Profile", profile), ("DeletionProtection", protection)]);
        for table in ["SessionTable", "ApprovalTable"] {
            let properties = deployment.properties(table).unwrap();
            assert_eq!(properties["DeletionProtectionEnabled"], protected, "{table} {profile} {protection}");
        }
    }
}
