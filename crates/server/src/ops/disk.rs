//! Whether the disk takes more.

use std::{io, path::Path};

/// What is left of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Bytes that this user may still write.
    pub free: u64,
    /// A system mounts a disk read-only when it has failed.
    pub is_read_only: bool,
}

impl Room {
    /// Whether writing goes on with `least` bytes kept free.
    pub fn suffices(self, least: u64) -> bool {
        !self.is_read_only && self.free >= least
    }
}

/// The room on the disk of this directory; `None` where the system cannot be asked.
#[cfg(unix)]
pub fn room(directory: &Path) -> io::Result<Option<Room>> {
    let found = rustix::fs::statvfs(directory)?;
    Ok(Some(Room {
        free: found.f_bavail.saturating_mul(found.f_frsize),
        is_read_only: found.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY),
    }))
}

#[cfg(not(unix))]
pub fn room(_directory: &Path) -> io::Result<Option<Room>> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_or_read_only_disk_has_no_room() {
        let room = Room { free: 100, is_read_only: false };
        assert!(room.suffices(100) && !room.suffices(101));
        assert!(!Room { is_read_only: true, ..room }.suffices(1));
    }
}
