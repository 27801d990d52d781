//! Folders as they are uploaded: a zip, a tar (gzipped or not), or several files at once, within bounds.

use std::io::{Cursor, Read};

use kernel::{Error, Result};

use crate::form::Upload;

/// Names and bytes of files.
pub type Files = Vec<(String, Vec<u8>)>;

/// What is taken from an upload, and how much of it.
#[derive(Clone, Copy, Debug)]
pub struct Folder {
    /// What the files make together: `a pack`.
    pub what: &'static str,
    /// The endings of the files that are wanted, in lower case; others in an archive are passed over.
    pub endings: &'static [&'static str],
    /// Most bytes of all files together, unpacked.
    pub most_bytes: u64,
    /// Most entries looked at in an archive.
    pub most_entries: usize,
}

impl Folder {
    /// The wanted files of an upload. It unpacks, so call it where waiting does not hold others up.
    ///
    /// # Errors
    /// Invalid in the field `files`: nothing wanted, an unknown ending, a broken archive, or too much.
    pub fn unpack(self, uploads: Vec<Upload>) -> Result<Files> {
        let mut reading = Reading { folder: self, left: self.most_bytes, files: Files::new() };
        for upload in uploads {
            reading.upload(upload)?;
        }
        if reading.files.is_empty() {
            let words = format!(
                "Choose the {} files of {}, or a .zip or .tar.gz of its folder.",
                self.endings.join(" or "),
                self.what
            );
            return Err(Error::invalid("files", words));
        }
        Ok(reading.files)
    }

    fn wants(self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.endings.iter().any(|ending| name.ends_with(ending)) && !name.contains("__macosx")
    }

    fn unknown(self, name: &str) -> Error {
        let words = format!(
            "{name} is none of .zip, .tar, .tar.gz and {}. Upload the folder of {} as one archive, or its files together.",
            self.endings.join(", "),
            self.what
        );
        Error::invalid("files", words)
    }

    fn too_large(self, name: &str) -> Error {
        Error::invalid("files", format!("{name}: {} has at most {} MiB in all.", self.what, self.most_bytes >> 20))
    }
}

fn broken(name: &str, error: &dyn std::fmt::Display) -> Error {
    Error::invalid("files", format!("{name} cannot be read as an archive: {error}."))
}

/// What was taken so far, and how many bytes may still come.
struct Reading {
    folder: Folder,
    left: u64,
    files: Files,
}

impl Reading {
    fn upload(&mut self, upload: Upload) -> Result<()> {
        let name = upload.name.to_lowercase();
        let content = upload.content.as_slice();
        if content.starts_with(b"PK\x03\x04") || name.ends_with(".zip") {
            self.unzip(&upload)
        } else if content.starts_with(&[0x1f, 0x8b]) {
            self.untar(&upload.name, flate2::read::GzDecoder::new(content))
        } else if name.ends_with(".tar") {
            self.untar(&upload.name, content)
        } else if self.folder.wants(&name) {
            self.left =
                self.left.checked_sub(content.len() as u64).ok_or_else(|| self.folder.too_large(&upload.name))?;
            self.files.push((upload.name, upload.content));
            Ok(())
        } else {
            Err(self.folder.unknown(&upload.name))
        }
    }

    fn take(&mut self, name: String, reader: impl Read) -> Result<()> {
        let mut bytes = Vec::new();
        reader.take(self.left.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| broken(&name, &error))?;
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or_else(|| self.folder.too_large(&name))?;
        self.files.push((name, bytes));
        Ok(())
    }

    fn unzip(&mut self, upload: &Upload) -> Result<()> {
        let failed = |error: zip::result::ZipError| broken(&upload.name, &error);
        let mut archive = zip::ZipArchive::new(Cursor::new(upload.content.as_slice())).map_err(failed)?;
        if archive.len() > self.folder.most_entries {
            return Err(broken(&upload.name, &"it has too many entries"));
        }
        for index in 0..archive.len() {
            let entry = archive.by_index(index).map_err(failed)?;
            let name = entry.name().map_err(failed)?.into_owned();
            if entry.is_file() && self.folder.wants(&name) {
                self.take(name, entry)?;
            }
        }
        Ok(())
    }

    fn untar(&mut self, name: &str, reader: impl Read) -> Result<()> {
        let failed = |error: std::io::Error| broken(name, &error);
        // The bound is on what comes out of the decompressor, so that a small file cannot become a huge one; beside the
        // files that are wanted there is room for headers and for files that are not.
        let mut archive = tar::Archive::new(reader.take(self.left.saturating_mul(4)));
        for (index, entry) in archive.entries().map_err(failed)?.enumerate() {
            if index >= self.folder.most_entries {
                return Err(broken(name, &"it has too many entries"));
            }
            let entry = entry.map_err(failed)?;
            let path = entry.path().map_err(failed)?.to_string_lossy().into_owned();
            if entry.header().entry_type().is_file() && self.folder.wants(&path) {
                self.take(path, entry)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const PACK: Folder = Folder { what: "a pack", endings: &[".toml"], most_bytes: 1 << 20, most_entries: 3 };

    fn upload(name: &str, content: Vec<u8>) -> Vec<Upload> {
        vec![Upload { field: "files".to_owned(), name: name.to_owned(), media_type: String::new(), content }]
    }

    fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn tarred(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, content) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            builder.append_data(&mut header, name, *content).unwrap();
        }
        builder.into_inner().unwrap()
    }

    #[track_caller]
    fn check(uploads: Vec<Upload>, expected: &[(&str, usize)]) {
        let files = PACK.unpack(uploads).unwrap();
        let found: Vec<(&str, usize)> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.len())).collect();
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn refused(uploads: Vec<Upload>, words: &str) {
        let error = PACK.unpack(uploads).unwrap_err();
        let said =
            |fields: &[kernel::FieldError]| fields.iter().any(|one| one.field == "files" && one.words.contains(words));
        assert!(matches!(&error, Error::Invalid(fields) if said(fields)), "{error:?}");
    }

    #[test]
    fn wanted_files_come_out_of_every_wrapping() {
        let entries: [(&str, &[u8]); 3] = [("p/a.toml", b"a"), ("__MACOSX/p/a.toml", b"x"), ("p/readme.md", b"x")];
        check(upload("p.zip", zipped(&entries)), &[("p/a.toml", 1)]);
        check(upload("p.tar", tarred(&entries)), &[("p/a.toml", 1)]);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&tarred(&entries)).unwrap();
        check(upload("p.tar.gz", packed.finish().unwrap()), &[("p/a.toml", 1)]);
        check(upload("A.TOML", b"abc".to_vec()), &[("A.TOML", 3)]);
    }

    #[test]
    fn too_much_is_refused_before_it_is_in_memory() {
        let large = vec![b'a'; (1 << 20) + 1];
        refused(upload("a.toml", large.clone()), "at most 1 MiB");
        refused(upload("a.zip", zipped(&[("a.toml", &large)])), "at most 1 MiB");
        let one: (&str, &[u8]) = ("a.toml", b"a");
        refused(upload("a.zip", zipped(&[("b.toml", b""), ("c.toml", b""), ("d.toml", b""), one])), "too many entries");
        refused(upload("a.tar", tarred(&[one, one, one, one])), "too many entries");
        refused(upload("a.zip", b"PK\x03\x04 no".to_vec()), "cannot be read as an archive");
        refused(upload("a.exe", b"MZ".to_vec()), "none of .zip");
        refused(Vec::new(), "Choose the .toml files");
    }
}
