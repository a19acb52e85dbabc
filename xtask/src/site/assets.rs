//! The folder the server serves: hashed names, compressed copies, and the list of both.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use sha2::{Digest, Sha256};

/// Hexadecimal digits of a content hash in a file name: enough that two versions never meet.
const HASH_DIGITS: usize = 12;

/// A site being written.
pub(crate) struct Assets {
    site: PathBuf,
    brotli_quality: u32,
    /// Plain name to the path a page asks for.
    names: BTreeMap<String, String>,
    /// Plain name to (bytes, bytes compressed).
    sizes: BTreeMap<String, (usize, usize)>,
}

impl Assets {
    /// Starts an empty site in a folder.
    pub(crate) fn create(site: &Path, brotli_quality: u32) -> Result<Self> {
        fs::create_dir_all(site.join("pkg"))
            .with_context(|| format!("making {}", site.display()))?;
        Ok(Self {
            site: site.to_owned(),
            brotli_quality,
            names: BTreeMap::new(),
            sizes: BTreeMap::new(),
        })
    }

    /// Adds an asset under a name that carries its hash, `etage.css` becoming `etage.<hash>.css`.
    pub(crate) fn add(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let digest = Sha256::digest(content);
        let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let (stem, extension) = name
            .split_once('.')
            .context("an asset's name has an extension")?;
        let hashed = format!("pkg/{stem}.{}.{extension}", &hash[..HASH_DIGITS]);
        let compressed = self.write(&hashed, content)?;
        self.names.insert(name.to_owned(), format!("/{hashed}"));
        self.sizes
            .insert(name.to_owned(), (content.len(), compressed));
        Ok(())
    }

    /// Adds a file that another asset imports by this very path, beside it in `pkg/`.
    pub(crate) fn add_unhashed(&mut self, path: &str, content: &[u8]) -> Result<()> {
        self.write(&format!("pkg/{path}"), content)?;
        Ok(())
    }

    /// Copies the files that are served as they are.
    pub(crate) fn copy_public(&self, public: &Path) -> Result<()> {
        for entry in walkdir::WalkDir::new(public) {
            let entry = entry?;
            let to = self.site.join(entry.path().strip_prefix(public)?);
            if entry.file_type().is_dir() {
                fs::create_dir_all(&to)?;
            } else {
                fs::copy(entry.path(), &to)
                    .with_context(|| format!("copying {}", entry.path().display()))?;
            }
        }
        Ok(())
    }

    /// Writes `assets.json` and prints what a browser has to load.
    pub(crate) fn finish(self) -> Result<()> {
        fs::write(
            self.site.join("assets.json"),
            serde_json::to_vec_pretty(&self.names)?,
        )?;
        for (name, (plain, compressed)) in &self.sizes {
            println!(
                "{name:>14} {:>8} KiB, {:>6} KiB compressed",
                plain.div_ceil(1024),
                compressed.div_ceil(1024)
            );
        }
        Ok(())
    }

    /// Writes a file and its compressed copy; returns the copy's size.
    fn write(&self, path: &str, content: &[u8]) -> Result<usize> {
        let file = self.site.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut compressed = Vec::new();
        let params = BrotliEncoderParams {
            quality: i32::try_from(self.brotli_quality)?,
            size_hint: content.len(),
            ..BrotliEncoderParams::default()
        };
        brotli::BrotliCompress(&mut &content[..], &mut compressed, &params)?;
        fs::write(&file, content).with_context(|| format!("writing {}", file.display()))?;
        fs::write(self.site.join(format!("{path}.br")), &compressed)?;
        Ok(compressed.len())
    }
}
