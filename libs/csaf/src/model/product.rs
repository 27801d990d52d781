//! The product tree.

use super::part::{Fields, Part as _, Reader, Special, Writer, both, keys, only21};
use crate::Version;
use crate::json::Value;

record! {
    /// The products of a document (3.2.2).
    pub mixed ProductTree {
        /// Products by vendor, name and version.
        branches: Vec<Branch> = both("branches"),
        /// Products without a tree.
        full_product_names: Vec<FullProductName> = both("full_product_names"),
        /// Named groups of products.
        product_groups: Vec<ProductGroup> = both("product_groups"),
    }
    special {
        /// Products made of others: `relationships` in 2.0, where a path has one step.
        product_paths: Vec<ProductPath>,
    }
}

impl Special for ProductTree {
    fn read_special(&mut self, value: &Value<'_>, reader: &mut Reader) {
        self.product_paths = match reader.version {
            Version::V2_0 => reader
                .named::<Vec<Relationship>>(value, "relationships")
                .into_iter()
                .map(|relationship| ProductPath {
                    beginning_product_reference: relationship.product_reference,
                    full_product_name: relationship.full_product_name,
                    subpaths: vec![Subpath {
                        category: relationship.category,
                        next_product_reference: relationship.relates_to_product_reference,
                    }],
                })
                .collect(),
            Version::V2_1 => reader.named(value, "product_paths"),
        };
    }

    fn write_special<'m>(&'m self, fields: &mut Fields<'m>, writer: &mut Writer) {
        match writer.version {
            Version::V2_1 => writer.field(fields, both("product_paths"), &self.product_paths),
            Version::V2_0 => {
                let list: Vec<Value<'m>> = self
                    .product_paths
                    .iter()
                    .filter_map(|path| writer.within("product_paths", |writer| relationship(path, writer)))
                    .collect();
                if !list.is_empty() {
                    fields.push(("relationships".into(), Value::Array(list)));
                }
            }
        }
    }
}

/// A product path as a relationship of 2.0; the steps after the first have no place there.
fn relationship<'m>(path: &'m ProductPath, writer: &mut Writer) -> Option<Value<'m>> {
    let step = path.subpaths.first()?;
    if path.subpaths.len() > 1 {
        writer.lose(format!(
            "The path of {} has several steps; CSAF 2.0 carries the first.",
            path.full_product_name.product_id
        ));
    }
    let mut fields = Vec::new();
    writer.field(&mut fields, both("category"), &step.category);
    writer.field(&mut fields, both("full_product_name"), &path.full_product_name);
    writer.field(&mut fields, both("product_reference"), &path.beginning_product_reference);
    writer.field(&mut fields, both("relates_to_product_reference"), &step.next_product_reference);
    Some(Value::Object(fields))
}

record! {
    /// A relationship of 2.0, which the model keeps as a product path.
    pub(super) plain Relationship {
        /// How the products belong together.
        category: Relation = both("category"),
        /// The product that both make.
        full_product_name: FullProductName = both("full_product_name"),
        /// The one product.
        product_reference: String = both("product_reference"),
        /// The other product.
        relates_to_product_reference: String = both("relates_to_product_reference"),
    }
}

choice! {
    /// What a branch stands for (3.1.2.2).
    BranchCategory {
        /// A hardware architecture.
        Architecture = "architecture";
        /// A host.
        HostName = "host_name";
        /// A language.
        Language = "language";
        /// Something older formats had (2.0).
        Legacy = "legacy", 2.1: "product_family";
        /// A patch level.
        PatchLevel = "patch_level";
        /// A platform (2.1).
        Platform = "platform", 2.0: "specification";
        /// A family of products.
        ProductFamily = "product_family";
        /// A product.
        #[default]
        ProductName = "product_name";
        /// One version.
        ProductVersion = "product_version";
        /// A range of versions.
        ProductVersionRange = "product_version_range";
        /// A service pack.
        ServicePack = "service_pack";
        /// A specification.
        Specification = "specification";
        /// A vendor.
        Vendor = "vendor";
    }
}

record! {
    /// A branch of the product tree (3.1.2): either further branches or a product.
    pub plain Branch {
        /// Branches below.
        branches: Vec<Branch> = both("branches"),
        /// What the branch stands for.
        category: BranchCategory = both("category"),
        /// Its name.
        name: String = both("name"),
        /// The product at the end.
        product: Option<FullProductName> = both("product"),
    }
}

record! {
    /// A product by its full name (3.1.3).
    pub plain FullProductName {
        /// The full name.
        name: String = both("name"),
        /// The identifier within the document.
        product_id: String = both("product_id"),
        /// What programs recognise it by.
        product_identification_helper: Option<IdentificationHelper> = both("product_identification_helper"),
        /// Extensions (2.1).
        x_extensions: Vec<Value<'static>> = only21("x_extensions"),
    }
}

record! {
    /// What programs recognise a product by (3.1.3.3).
    pub mixed IdentificationHelper {
        /// A CPE.
        cpe: Option<String> = both("cpe"),
        /// Hashes of its files.
        hashes: Vec<Hashes> = both("hashes"),
        /// Model numbers.
        model_numbers: Vec<String> = both("model_numbers"),
        /// Where SBOMs are.
        sbom_urls: Vec<String> = both("sbom_urls"),
        /// Serial numbers.
        serial_numbers: Vec<String> = both("serial_numbers"),
        /// Stock keeping units.
        skus: Vec<String> = both("skus"),
        /// Other identifiers.
        x_generic_uris: Vec<GenericUri> = both("x_generic_uris"),
    }
    special {
        /// Package URLs; 2.0 carries one.
        purls: Vec<String>,
    }
}

impl Special for IdentificationHelper {
    fn read_special(&mut self, value: &Value<'_>, reader: &mut Reader) {
        self.purls = match reader.version {
            Version::V2_0 => reader.named::<Option<String>>(value, "purl").into_iter().collect(),
            Version::V2_1 => reader.named(value, "purls"),
        };
    }

    fn write_special<'m>(&'m self, fields: &mut Fields<'m>, writer: &mut Writer) {
        match (writer.version, self.purls.as_slice()) {
            (Version::V2_1, _) => writer.field(fields, keys("purl", "purls"), &self.purls),
            (Version::V2_0, []) => {}
            (Version::V2_0, [first, rest @ ..]) => {
                if !rest.is_empty() {
                    writer.within("purls", |writer| {
                        writer.lose("CSAF 2.0 carries one package URL; the first is written.")
                    });
                }
                fields.extend(first.write(writer).map(|value| ("purl".into(), value)));
            }
        }
    }
}

record! {
    /// Hashes of one file.
    pub plain Hashes {
        /// The hashes.
        file_hashes: Vec<FileHash> = both("file_hashes"),
        /// The file.
        filename: String = both("filename"),
    }
}

record! {
    /// One hash.
    pub plain FileHash {
        /// The algorithm, such as `sha256`.
        algorithm: String = both("algorithm"),
        /// The hash in hexadecimal.
        value: String = both("value"),
    }
}

record! {
    /// An identifier of another kind.
    pub plain GenericUri {
        /// What kind.
        namespace: String = both("namespace"),
        /// The identifier.
        uri: String = both("uri"),
    }
}

record! {
    /// A named group of products.
    pub plain ProductGroup {
        /// Its identifier within the document.
        group_id: String = both("group_id"),
        /// Its products.
        product_ids: Vec<String> = both("product_ids"),
        /// What it is.
        summary: Option<String> = both("summary"),
    }
}

choice! {
    /// How two products belong together.
    Relation {
        /// Part of it by default.
        #[default]
        DefaultComponentOf = "default_component_of";
        /// Delivered separately.
        ExternalComponentOf = "external_component_of";
        /// Installed on it.
        InstalledOn = "installed_on";
        /// Installed beside it.
        InstalledWith = "installed_with";
        /// Part of it on request.
        OptionalComponentOf = "optional_component_of";
    }
}

record! {
    /// A product made of others (2.1: product path; 2.0: relationship).
    pub plain ProductPath {
        /// The product that the path starts with.
        beginning_product_reference: String = both("beginning_product_reference"),
        /// The product that the path makes.
        full_product_name: FullProductName = both("full_product_name"),
        /// The steps.
        subpaths: Vec<Subpath> = both("subpaths"),
    }
}

record! {
    /// A step of a product path.
    pub plain Subpath {
        /// How the products belong together.
        category: Relation = both("category"),
        /// The next product.
        next_product_reference: String = both("next_product_reference"),
    }
}
