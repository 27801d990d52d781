//! What people do to families, products and releases.

use kernel::{EmailAddress, Error, Permission, RecordRef, Result, Scope, clean_line};
use platform::Ctx;
use platform::audit::{self, Entry};
use serde_json::json;

use super::model::{FamilyDraft, FamilyId, ProductDraft, ProductId, ReleaseDraft, ReleaseId};
use super::{rules, store};

const EDIT: Permission = Permission::EditProducts;

/// Adds a family.
///
/// # Errors
/// Invalid when something has to be mended; not found where one may not.
pub async fn add_family(ctx: &Ctx, draft: &FamilyDraft) -> Result<FamilyId> {
    ctx.require(EDIT, Scope::All, "page")?;
    let draft = rules::checked_family(draft).map_err(Error::Invalid)?;
    let id = ctx.id();
    let mut tx = ctx.begin().await?;
    store::insert_family(&mut tx, id, &draft, ctx.now).await?;
    audit::record(
        &mut tx,
        ctx,
        Entry::new("family.added", RecordRef::new("family", id)).with(json!({"name": draft.name})),
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a family.
///
/// # Errors
/// Invalid, stale, or not found where one may not.
pub async fn change_family(ctx: &Ctx, id: FamilyId, revision: i64, draft: &FamilyDraft) -> Result<()> {
    ctx.require(EDIT, Scope::Family(id), "product family")?;
    let draft = rules::checked_family(draft).map_err(Error::Invalid)?;
    let mut tx = ctx.begin().await?;
    store::load_family(&mut tx, id).await?;
    store::set_family(&mut tx, id, revision, &draft).await?;
    audit::record(
        &mut tx,
        ctx,
        Entry::new("family.changed", RecordRef::new("family", id)).with(json!({"name": draft.name})),
    )
    .await?;
    tx.commit().await
}

/// Adds a product to a family.
///
/// # Errors
/// Invalid when something has to be mended; not found where one may not.
pub async fn add_product(ctx: &Ctx, draft: &ProductDraft) -> Result<ProductId> {
    ctx.require(EDIT, Scope::Family(draft.family), "product family")?;
    let draft = rules::checked_product(draft).map_err(Error::Invalid)?;
    let id = ctx.id();
    let mut tx = ctx.begin().await?;
    store::load_family(&mut tx, draft.family).await?;
    store::insert_product(&mut tx, id, &draft, ctx.now).await?;
    audit::record(
        &mut tx,
        ctx,
        Entry::new("product.added", RecordRef::new("product", id)).with(json!({"name": draft.name})),
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a product; moving it to another family needs the permission there too.
///
/// # Errors
/// Invalid, stale, or not found where one may not.
pub async fn change_product(ctx: &Ctx, id: ProductId, revision: i64, draft: &ProductDraft) -> Result<()> {
    let checked = rules::checked_product(draft).map_err(Error::Invalid)?;
    let mut tx = ctx.begin().await?;
    let present = store::load_product(&mut tx, id).await?;
    ctx.require(EDIT, present.scope(), "product")?;
    if present.family != checked.family {
        ctx.require(EDIT, Scope::Family(checked.family), "product family")?;
    }
    store::set_product(&mut tx, id, revision, &checked).await?;
    let detail = json!({"name": checked.name, "state": checked.state.as_str()});
    audit::record(&mut tx, ctx, Entry::new("product.changed", RecordRef::new("product", id)).with(detail)).await?;
    tx.commit().await
}

/// Adds a release as the newest of its product.
///
/// # Errors
/// Invalid when something has to be mended; not found where one may not.
pub async fn add_release(ctx: &Ctx, product: ProductId, draft: &ReleaseDraft) -> Result<ReleaseId> {
    let draft = rules::checked_release(draft).map_err(Error::Invalid)?;
    let id = ctx.id();
    let mut tx = ctx.begin().await?;
    let present = store::load_product(&mut tx, product).await?;
    ctx.require(EDIT, present.scope(), "product")?;
    if store::count_version(&mut tx, product, &draft.version, "").await? > 0 {
        return Err(taken(&draft.version));
    }
    store::insert_release(&mut tx, id, product, &draft, ctx.now).await?;
    let entry = Entry::new("release.added", RecordRef::new("release", id)).under(RecordRef::new("product", product));
    audit::record(&mut tx, ctx, entry.with(json!({"version": draft.version}))).await?;
    tx.commit().await?;
    Ok(id)
}

fn taken(version: &str) -> Error {
    Error::invalid(
        "version",
        format!("This product has a release {version} already. Versions are unique within a product."),
    )
}

/// Changes a release.
///
/// # Errors
/// Invalid, stale, or not found where one may not.
pub async fn change_release(ctx: &Ctx, id: ReleaseId, revision: i64, draft: &ReleaseDraft) -> Result<()> {
    let draft = rules::checked_release(draft).map_err(Error::Invalid)?;
    let mut tx = ctx.begin().await?;
    let present = store::load_release(&mut tx, id).await?;
    let product = store::load_product(&mut tx, present.product).await?;
    ctx.require(EDIT, product.scope(), "release")?;
    if store::count_version(&mut tx, product.id, &draft.version, &id.to_string()).await? > 0 {
        return Err(taken(&draft.version));
    }
    store::set_release(&mut tx, id, revision, &draft).await?;
    let detail = json!({
        "version": draft.version, "state": draft.state.as_str(),
        "support_ends_on": draft.support_ends_on.map(|date| date.to_string()),
    });
    let entry =
        Entry::new("release.changed", RecordRef::new("release", id)).under(RecordRef::new("product", product.id));
    audit::record(&mut tx, ctx, entry.with(detail)).await?;
    tx.commit().await
}

/// Adds somebody to ask about a product.
///
/// # Errors
/// Invalid when something has to be mended; not found where one may not.
pub async fn add_contact(ctx: &Ctx, product: ProductId, name: &str, email: &str, duty: &str) -> Result<()> {
    let mut problems = Vec::new();
    let name = clean_line("name", name, 100).map_err(|problem| problems.push(problem)).ok();
    let email = EmailAddress::parse("email", email).map_err(|problem| problems.push(problem)).ok();
    let duty = clean_line("duty", duty, 100).map_err(|problem| problems.push(problem)).ok();
    let (Some(name), Some(email), Some(duty)) = (name, email, duty) else { return Err(Error::Invalid(problems)) };
    let mut tx = ctx.begin().await?;
    let present = store::load_product(&mut tx, product).await?;
    ctx.require(EDIT, present.scope(), "product")?;
    store::insert_contact(&mut tx, ctx.id(), product, (&name, email.as_str(), &duty), ctx.now).await?;
    let detail = json!({"name": name, "duty": duty});
    audit::record(&mut tx, ctx, Entry::new("product.contact_added", RecordRef::new("product", product)).with(detail))
        .await?;
    tx.commit().await
}

/// Removes a contact.
///
/// # Errors
/// Not found, also where one may not.
pub(super) async fn remove_contact(ctx: &Ctx, product: ProductId, contact: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let present = store::load_product(&mut tx, product).await?;
    ctx.require(EDIT, present.scope(), "product")?;
    store::delete_contact(&mut tx, product, contact).await?;
    audit::record(&mut tx, ctx, Entry::new("product.contact_removed", RecordRef::new("product", product))).await?;
    tx.commit().await
}
