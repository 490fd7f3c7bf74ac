use function::settings::{Environment, Reader};
use upstream_aws::SealKeys;

use super::keys;

const ONE: &str = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const OTHER: &str = "arn:aws:kms:us-east-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab";

fn read(pairs: &[(&str, &str)]) -> Result<SealKeys, Vec<&'static str>> {
    let environment = Environment::from_pairs(pairs.iter().copied());
    let mut reader = Reader::new(&environment);
    let read = keys(&mut reader);
    reader.finish(read).map_err(|problems| problems.names())
}

#[test]
fn a_key_at_kms_may_have_older_ones_beside_it() {
    let Ok(SealKeys::Kms(keys)) = read(&[("SEAL_KEY_ARN", ONE)]) else { panic!("not read") };
    assert_eq!((keys.current.as_str(), keys.old.len()), (ONE, 0));
    let Ok(SealKeys::Kms(keys)) = read(&[("SEAL_KEY_ARN", OTHER), ("SEAL_OLD_KEY_ARNS", ONE)]) else {
        panic!("not read")
    };
    assert_eq!((keys.current.as_str(), keys.old[0].as_str()), (OTHER, ONE));
}

#[test]
fn both_kinds_of_keys_or_none_is_a_problem_of_both() {
    let both = Err(vec!["SEAL_KEY_ARN", "SEAL_KEY_FILE"]);
    assert_eq!(read(&[]).map(|_| ()), both);
    assert_eq!(read(&[("SEAL_KEY_ARN", ""), ("SEAL_KEY_FILE", "")]).map(|_| ()), both);
    assert_eq!(read(&[("SEAL_KEY_ARN", ONE), ("SEAL_KEY_FILE", "/keys")]).map(|_| ()), both);
}

#[test]
fn what_names_no_key_is_a_problem_of_its_own_setting() {
    let alias = "arn:aws:kms:us-east-1:123456789012:alias/rows";
    assert_eq!(read(&[("SEAL_KEY_ARN", alias)]).map(|_| ()), Err(vec!["SEAL_KEY_ARN"]));
    let all = [("SEAL_KEY_ARN", alias), ("SEAL_OLD_KEY_ARNS", "x,y")];
    assert_eq!(read(&all).map(|_| ()), Err(vec!["SEAL_KEY_ARN", "SEAL_OLD_KEY_ARNS", "SEAL_OLD_KEY_ARNS"]));
    let many = [ONE; 3].join(",");
    let too_many = [("SEAL_KEY_ARN", ONE), ("SEAL_OLD_KEY_ARNS", many.as_str())];
    assert_eq!(read(&too_many).map(|_| ()), Err(vec!["SEAL_OLD_KEY_ARNS"]));
    let beside = [("SEAL_KEY_FILE", "/keys"), ("SEAL_OLD_KEY_ARNS", ONE)];
    assert_eq!(read(&beside).map(|_| ()), Err(vec!["SEAL_OLD_KEY_ARNS"]));
    assert_eq!(read(&[("SEAL_KEY_FILE", "/no/such/file")]).map(|_| ()), Err(vec!["SEAL_KEY_FILE"]));
}
