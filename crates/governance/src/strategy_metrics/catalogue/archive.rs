//! The files of an uploaded model: a zip, a tar (gzipped or not), or several files at once, within bounds.

use std::io::{Cursor, Read};

use kernel::{Error, Result};
use web::Upload;

/// Most bytes of all files of a model together, unpacked.
const MOST_BYTES: u64 = 32 << 20;
/// Most entries looked at in an archive.
const MOST_ENTRIES: usize = 20_000;

/// Names and bytes of model files.
pub(super) type Files = Vec<(String, Vec<u8>)>;

fn wanted(name: &str) -> bool {
    let name = name.to_lowercase();
    [".yml", ".yaml", ".toml"].iter().any(|ending| name.ends_with(ending)) && !name.contains("__macosx")
}

/// The YAML and TOML files of an upload.
pub(super) fn files(uploads: Vec<Upload>) -> Result<Files> {
    let mut files = Files::new();
    let mut left = MOST_BYTES;
    for upload in uploads {
        let name = upload.name.to_lowercase();
        if upload.content.starts_with(b"PK\x03\x04") || name.ends_with(".zip") {
            unzip(&upload, &mut left, &mut files)?;
        } else if upload.content.starts_with(&[0x1f, 0x8b]) {
            untar(&upload.name, flate2::read::GzDecoder::new(upload.content.as_slice()), &mut left, &mut files)?;
        } else if name.ends_with(".tar") {
            untar(&upload.name, upload.content.as_slice(), &mut left, &mut files)?;
        } else if wanted(&name) {
            left = left.checked_sub(upload.content.len() as u64).ok_or_else(|| too_large(&upload.name))?;
            files.push((upload.name, upload.content));
        } else {
            let words = format!(
                "{} is none of .yml, .toml, .zip, .tar and .tar.gz. Upload the model's folder as one archive, or its files together.",
                upload.name
            );
            return Err(Error::invalid("files", words));
        }
    }
    if files.is_empty() {
        let words = "Choose the .yml files of a model, a .zip or .tar.gz of its folder, or a catalogue in .toml.";
        return Err(Error::invalid("files", words));
    }
    Ok(files)
}

fn too_large(name: &str) -> Error {
    Error::invalid("files", format!("{name}: a model has at most {} MiB in all.", MOST_BYTES >> 20))
}

fn broken(name: &str, error: &dyn std::fmt::Display) -> Error {
    Error::invalid("files", format!("{name} cannot be read as an archive: {error}."))
}

fn take(name: &str, reader: impl Read, left: &mut u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(left.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| broken(name, &error))?;
    *left = left.checked_sub(bytes.len() as u64).ok_or_else(|| too_large(name))?;
    Ok(bytes)
}

fn unzip(upload: &Upload, left: &mut u64, files: &mut Files) -> Result<()> {
    let mut archive =
        zip::ZipArchive::new(Cursor::new(upload.content.as_slice())).map_err(|error| broken(&upload.name, &error))?;
    if archive.len() > MOST_ENTRIES {
        return Err(broken(&upload.name, &"it has too many entries"));
    }
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| broken(&upload.name, &error))?;
        let name = entry.name().map_err(|error| broken(&upload.name, &error))?.into_owned();
        if entry.is_file() && wanted(&name) {
            let bytes = take(&name, entry, left)?;
            files.push((name, bytes));
        }
    }
    Ok(())
}

fn untar(name: &str, reader: impl Read, left: &mut u64, files: &mut Files) -> Result<()> {
    // The bound is on what comes out of the decompressor, so that a small file cannot become a huge one.
    let mut archive = tar::Archive::new(reader.take(left.saturating_mul(4)));
    for (index, entry) in archive.entries().map_err(|error| broken(name, &error))?.enumerate() {
        if index >= MOST_ENTRIES {
            return Err(broken(name, &"it has too many entries"));
        }
        let entry = entry.map_err(|error| broken(name, &error))?;
        let path = entry.path().map_err(|error| broken(name, &error))?.to_string_lossy().into_owned();
        if entry.header().entry_type().is_file() && wanted(&path) {
            let bytes = take(&path, entry, left)?;
            files.push((path, bytes));
        }
    }
    Ok(())
}
