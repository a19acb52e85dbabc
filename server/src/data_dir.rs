//! The folder of everything that is kept on this machine, readable by nobody else.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use anyhow::Context;

/// The database's file, unless another database is configured.
pub const DATABASE_FILE: &str = "etage.db";

/// Sees to it that the folder is there and that the `database` file in it, if it is to be there, is private from its
/// first moment.
///
/// # Errors
/// When the folder cannot be made or written to.
pub fn prepare(folder: &Path, database: Option<&str>) -> anyhow::Result<()> {
    let made = create_folder(folder).and_then(|()| match database {
        Some(file) => create_private(&folder.join(file)),
        None => Ok(()),
    });
    match made {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error).with_context(|| {
            format!(
                "the data folder {} cannot be written to; make it writable for the user who runs etage, or name \
                 another in ETAGE_DATA_DIR",
                folder.display()
            )
        }),
        _ => Ok(()),
    }
}

/// Writes a new file that only its owner may read.
///
/// # Errors
/// When there is one of that name, or it cannot be written.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    create_private(path)?;
    File::options()
        .write(true)
        .open(path)?
        .write_all(text.as_bytes())
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn create_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::{DATABASE_FILE, prepare};

    #[test]
    fn a_folder_that_cannot_be_made_is_named_with_the_setting_that_mends_it() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = format!("{:#}", prepare(&file.join("data"), None).unwrap_err());
        assert!(error.contains("ETAGE_DATA_DIR"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_the_database_and_a_second_start_leaves_it_alone() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("data");
        prepare(&folder, Some(DATABASE_FILE)).unwrap();
        std::fs::write(folder.join(DATABASE_FILE), "kept").unwrap();
        prepare(&folder, Some(DATABASE_FILE)).unwrap();
        let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(folder.clone()), 0o700);
        assert_eq!(mode(folder.join(DATABASE_FILE)), 0o600);
        let text = std::fs::read_to_string(folder.join(DATABASE_FILE)).unwrap();
        assert_eq!(text, "kept");
    }
}
