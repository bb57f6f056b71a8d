//! Root that works where somebody else can change names does so with their rights alone: no link that they make leads to
//! what is not theirs, and what is made there is theirs.

use std::io;
use std::marker::PhantomData;

use rustix::fs::Stat;
use rustix::io::Errno;
use rustix::process::{Gid, Uid, getegid, geteuid, getgroups};
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

/// Somebody else than root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    user: Uid,
    group: Gid,
}

impl Owner {
    /// The owner of what `stat` describes, if root runs this and it is not root's. Whom this user namespace does not
    /// know, nobody in it can be.
    ///
    /// # Errors
    /// When this process may not act as others.
    pub fn beside_root(stat: &Stat) -> io::Result<Option<Self>> {
        let owner = Self { user: Uid::from_raw(stat.st_uid), group: Gid::from_raw(stat.st_gid) };
        if !geteuid().is_root() || owner.user.is_root() {
            return Ok(None);
        }
        match set_thread_res_uid(None::<Uid>, owner.user, None::<Uid>) {
            Err(Errno::INVAL) => return Ok(None),
            tried => tried?,
        }
        become_root();
        Ok(Some(owner))
    }

    /// Does `work` with the owner's rights and no other. Other threads keep theirs.
    ///
    /// # Errors
    /// When this process may not act as others.
    pub fn act<T>(self, work: impl FnOnce() -> T) -> io::Result<T> {
        let _back = Root::leave(self)?;
        Ok(work())
    }
}

/// What to come back to.
struct Root {
    group: Gid,
    groups: Vec<Gid>,
    /// Rights are a thread's own.
    of_this_thread: PhantomData<*const ()>,
}

impl Root {
    fn leave(owner: Owner) -> io::Result<Self> {
        let (group, groups) = (getegid(), getgroups()?);
        // Whom this is denied has nothing to come back from.
        set_thread_groups(&[])?;
        let root = Self { group, groups, of_this_thread: PhantomData };
        set_thread_res_gid(None::<Gid>, owner.group, None::<Gid>)?;
        set_thread_res_uid(None::<Uid>, owner.user, None::<Uid>)?;
        Ok(root)
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        become_root();
        let back =
            set_thread_res_gid(None::<Gid>, self.group, None::<Gid>).and_then(|()| set_thread_groups(&self.groups));
        back.expect("whoever is root and left its groups comes back to them");
    }
}

fn become_root() {
    let back = set_thread_res_uid(None::<Uid>, Uid::ROOT, None::<Uid>);
    back.expect("whoever was root and has it as their real id becomes root again");
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;

    /// Only where root runs the tests; elsewhere there is nobody else to be.
    #[test]
    fn work_is_done_with_the_owners_rights_and_comes_back_from_them_even_by_a_panic() {
        if !geteuid().is_root() {
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let mine = directory.path().join("mine");
        std::fs::write(&mine, "").unwrap();
        std::fs::set_permissions(&mine, std::fs::Permissions::from_mode(0o600)).unwrap();
        let owner = Owner { user: Uid::from_raw(61_234), group: Gid::from_raw(61_235) };
        let theirs = std::env::temp_dir().join(format!("idv-owner-{}", std::process::id()));
        let made = owner.act(|| {
            let is_refused = std::fs::read(&mine).is_err();
            std::fs::write(&theirs, "").unwrap();
            (is_refused, getgroups().unwrap())
        });
        let metadata = std::fs::metadata(&theirs).unwrap();
        std::fs::remove_file(&theirs).unwrap();
        assert_eq!(made.unwrap(), (true, vec![]));
        assert_eq!((metadata.uid(), metadata.gid()), (61_234, 61_235));
        let groups = getgroups().unwrap();
        let panicked = std::panic::catch_unwind(|| owner.act(|| panic!("in between")));
        assert!(panicked.is_err() && geteuid().is_root() && getegid().as_raw() == 0);
        assert_eq!(getgroups().unwrap(), groups);
    }
}
