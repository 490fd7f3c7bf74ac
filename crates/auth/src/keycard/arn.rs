//! Names of AWS resources, from the few parts that settings say.

/// The ARN of a role that keycards are of, as in `arn:aws:iam::123456789012:role/mandate-tools`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleArn {
    text: String,
    partition: String,
    account: String,
}

/// The ARN of a symmetric KMS key, as in `arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab`, or with
/// the id of a multi-Region key: `mrk-` and 32 hexadecimal digits. An alias is none: policies name keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyArn(String);

/// The whole ARN of a secret at Secrets Manager, with the six characters that it adds to the name, as in
/// `arn:aws:secretsmanager:us-east-1:123456789012:secret:mandate/auth0-a1B2c3`. A name alone is none: policies name ARNs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretArn(String);

/// Where resources are: partition, region and account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    partition: String,
    region: String,
    id: String,
}

impl RoleArn {
    /// # Errors
    /// What such an ARN looks like.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const TAKES: &str = "must be the ARN of a role, as in arn:aws:iam::123456789012:role/mandate-tools";
        let parts: Vec<&str> = text.split(':').collect();
        let [arn, partition, iam, region, account, resource] = parts.as_slice() else { return Err(TAKES) };
        let name = resource.strip_prefix("role/").unwrap_or_default();
        let named = |letter: u8| letter.is_ascii_alphanumeric() || b"+=,.@_-/".contains(&letter);
        let good = *arn == "arn"
            && is_word(partition)
            && *iam == "iam"
            && region.is_empty()
            && is_account(account)
            && (1..=512).contains(&name.len())
            && name.bytes().all(named);
        if !good {
            return Err(TAKES);
        }
        Ok(Self { text: text.to_owned(), partition: (*partition).to_owned(), account: (*account).to_owned() })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The role's account, in this region.
    ///
    /// Returns nothing for a text that is no region, as `us-east-1` is one.
    #[must_use]
    pub fn account(&self, region: &str) -> Option<Account> {
        let (partition, id) = (self.partition.clone(), self.account.clone());
        is_word(region).then(|| Account { partition, region: region.to_owned(), id })
    }
}

impl KeyArn {
    /// # Errors
    /// What such an ARN looks like.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const TAKES: &str = "must be the ARN of a key, as in arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        let parts: Vec<&str> = text.split(':').collect();
        let ["arn", partition, "kms", region, account, resource] = parts.as_slice() else { return Err(TAKES) };
        let named = resource.strip_prefix("key/").is_some_and(is_key_id);
        let good = is_word(partition) && is_word(region) && is_account(account) && named;
        if good { Ok(Self(text.to_owned())) } else { Err(TAKES) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SecretArn {
    /// # Errors
    /// What such an ARN looks like.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const TAKES: &str =
            "must be the ARN of a secret, as in arn:aws:secretsmanager:us-east-1:123456789012:secret:auth0-a1B2c3";
        let parts: Vec<&str> = text.split(':').collect();
        let ["arn", partition, "secretsmanager", region, account, "secret", name] = parts.as_slice() else {
            return Err(TAKES);
        };
        let (own, added) = name.rsplit_once('-').unwrap_or_default();
        let named = |letter: u8| letter.is_ascii_alphanumeric() || b"/_+=.@!-".contains(&letter);
        let good = is_word(partition)
            && is_word(region)
            && is_account(account)
            && (1..=512).contains(&own.len())
            && own.bytes().all(named)
            && added.len() == 6
            && added.bytes().all(|letter| letter.is_ascii_alphanumeric());
        if good { Ok(Self(text.to_owned())) } else { Err(TAKES) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Account {
    /// The ARN of a table of this name: 3 to 255 of `a-z A-Z 0-9 _ . -`.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<String> {
        let fits = |letter: u8| letter.is_ascii_alphanumeric() || b"_.-".contains(&letter);
        ((3..=255).contains(&name.len()) && name.bytes().all(fits))
            .then(|| self.arn("dynamodb", &format!("table/{name}")))
    }

    /// The ARN of a queue of this name: 1 to 80 of `a-z A-Z 0-9 _ -`.
    #[must_use]
    pub fn queue(&self, name: &str) -> Option<String> {
        let fits = |letter: u8| letter.is_ascii_alphanumeric() || b"_-".contains(&letter);
        ((1..=80).contains(&name.len()) && name.bytes().all(fits)).then(|| self.arn("sqs", name))
    }

    /// The ARN of a function, of which the setting says the name, `name:alias`, or the ARN itself.
    #[must_use]
    pub fn function(&self, setting: &str) -> Option<String> {
        let fits = |letter: u8| letter.is_ascii_alphanumeric() || b"_-$".contains(&letter);
        let is_name = |name: &str| (1..=128).contains(&name.len()) && name.bytes().all(fits);
        match setting.split(':').collect::<Vec<_>>().as_slice() {
            [name] if is_name(name) => Some(self.arn("lambda", &format!("function:{name}"))),
            [name, alias] if is_name(name) && is_name(alias) => {
                Some(self.arn("lambda", &format!("function:{name}:{alias}")))
            }
            ["arn", partition, "lambda", region, account, "function", rest @ ..]
                if is_word(partition)
                    && is_word(region)
                    && is_account(account)
                    && (1..=2).contains(&rest.len())
                    && rest.iter().all(|name| is_name(name)) =>
            {
                Some(setting.to_owned())
            }
            _ => None,
        }
    }

    fn arn(&self, service: &str, resource: &str) -> String {
        let Self { partition, region, id } = self;
        format!("arn:{partition}:{service}:{region}:{id}:{resource}")
    }
}

fn is_word(text: &str) -> bool {
    (2..=32).contains(&text.len())
        && text.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-')
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|letter| letter.is_ascii_digit())
}

/// A UUID, or the id of a multi-Region key.
fn is_key_id(text: &str) -> bool {
    let hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    if let Some(id) = text.strip_prefix("mrk-") {
        return hex(id, 32);
    }
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == 5 && parts.iter().zip([8, 4, 4, 4, 12]).all(|(part, length)| hex(part, length))
}
