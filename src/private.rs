//! Files and folders that only the program's own account may open: a database and its backups hold personal data.
//!
//! What is there already keeps the rights that somebody gave it.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io,
    path::Path,
};

/// Makes a folder and those above it, where they are not there yet.
///
/// # Errors
/// If the system refuses.
pub fn folder(path: &Path) -> io::Result<()> {
    let mut make = DirBuilder::new();
    make.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o700);
    make.create(path)
}

/// Makes a file that must not be there yet.
///
/// # Errors
/// If it is there, or the system refuses.
pub fn new_file(path: &Path) -> io::Result<File> {
    let mut make = OpenOptions::new();
    make.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut make, 0o600);
    make.open(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::{os::unix::fs::PermissionsExt as _, path::Path};

    #[test]
    fn nobody_else_may_open_what_is_made() {
        let root = tempfile::tempdir().unwrap();
        let (folder, file) = (root.path().join("a/b"), root.path().join("a/b/c"));
        super::folder(&folder).unwrap();
        super::folder(&folder).unwrap();
        super::new_file(&file).unwrap();
        let others = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o077;
        assert_eq!((others(&folder), others(&file)), (0, 0));
        assert!(super::new_file(&file).is_err(), "what is there stays");
    }
}
