//! The accounts of this machine, as far as this process sees them.

use std::fs::File;
use std::io::{self, Read};

use super::text;
use crate::verification::account::Account;

/// Where they are listed. The shipped unit sees no such file.
const LIST: &str = "/etc/passwd";
/// The most that is read of it, in bytes.
const LIST_LIMIT: u64 = 1024 * 1024;
/// Whoever has no number in this process's user namespace (`user_namespaces(7)`, "Unmapped user and group IDs"): behind
/// `PrivateUsers=yes` that is everybody but root and the service itself.
const UNMAPPED: u32 = 65_534;

/// The account that this process runs in.
#[must_use]
pub fn own() -> Account {
    of(rustix::process::getuid().as_raw())
}

/// Whether `account` has the service in its hands anyway: root's, or the one that this process runs in.
#[must_use]
pub fn is_of_the_service(account: &Account) -> bool {
    *account == Account::Root || *account == own()
}

/// The account `uid`.
#[must_use]
pub fn of(uid: u32) -> Account {
    match uid {
        0 => Account::Root,
        UNMAPPED => Account::Member,
        // A name is a comfort: the number is what is proven.
        uid => Account::User { uid, login: read().ok().and_then(|list| login(&list, uid)) },
    }
}

/// Its bytes: some people's full names there are older than UTF-8.
fn read() -> io::Result<Vec<u8>> {
    let mut list = Vec::new();
    File::open(LIST)?.take(LIST_LIMIT).read_to_end(&mut list)?;
    Ok(list)
}

/// The name of the account `uid` in `list` (`passwd(5)`).
fn login(list: &[u8], uid: u32) -> Option<String> {
    String::from_utf8_lossy(list).lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        let is_it = number.parse() == Ok(uid) && !name.is_empty() && is_whole(name);
        is_it.then(|| name.to_owned())
    })
}

/// Whether `name` is read as it stands.
fn is_whole(name: &str) -> bool {
    text::unseen(name).is_none() && !name.contains(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNTS: &[u8] = b"root:x:0:0:root:/root:/bin/sh\n\n# comment\nbroken:x\nj.doe:x:1000:1000:Jane:/home/j:/bin/sh\n\
                            :x:1001:1001::/:/bin/sh\ne\xe2\x80\xaevil:x:1002:1002::/:/bin/sh\nz\xf6e:x:1003:1003::/:/bin/sh\n\
                              zoe:x:1004:1004:Zo\xeb:/:/bin/sh\nlast:x:10000:1::/:/bin/sh";

    #[test]
    fn an_account_is_named_where_the_list_names_it() {
        let named = [(1000, Some("j.doe")), (10_000, Some("last")), (100, None), (1001, None), (1002, None)];
        // A full name in Latin-1 once hid every account.
        let older = [(1003, None), (1004, Some("zoe"))];
        for (uid, name) in named.into_iter().chain(older) {
            assert_eq!(login(ACCOUNTS, uid).as_deref(), name, "{uid}");
        }
    }

    #[test]
    fn root_and_whoever_cannot_be_told_apart_are_called_so() {
        assert_eq!((of(0), of(UNMAPPED)), (Account::Root, Account::Member));
        for uid in [1, UNMAPPED - 1, UNMAPPED + 1] {
            assert!(matches!(of(uid), Account::User { uid: known, .. } if known == uid), "{uid}");
        }
    }
}
