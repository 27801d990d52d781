//! The types of the rule tables: what a value or an element may be.

/// What a JSON value, or the text of an XML element or attribute, may be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    Any,
    AnyObject,
    Text {
        least: usize,
        most: usize,
        pattern: Option<usize>,
        form: Option<Form>,
    },
    Integer {
        least: Option<i64>,
        most: Option<i64>,
    },
    Number {
        least: Option<f64>,
        most: Option<f64>,
    },
    Boolean,
    Licence,
    Array {
        item: Box<Expression>,
        unique: bool,
        least: usize,
        most: usize,
    },
    /// A named type of the table.
    Named(usize),
    AnyOf(Vec<Expression>),
    OneOf(Vec<Expression>),
}

/// A form of text that is checked by code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    DateTime,
    Date,
    Email,
    Iri,
}

/// A named type.
#[derive(Debug)]
pub(crate) enum Type {
    Object(Object),
    Enumeration(Vec<&'static str>),
    Alias(Expression),
    Element(Element),
}

/// A JSON object.
#[derive(Debug, Default)]
pub(crate) struct Object {
    /// Sorted by name.
    pub(crate) properties: Vec<(&'static str, Expression)>,
    pub(crate) required: Vec<&'static str>,
    pub(crate) unknown: Unknown,
    /// Groups of which exactly one must be there.
    pub(crate) exactly_one: Vec<Vec<Vec<&'static str>>>,
    /// Groups of which at least one must be there.
    pub(crate) at_least_one: Vec<Vec<Vec<&'static str>>>,
}

/// What other properties an object may have.
#[derive(Debug, Default)]
pub(crate) enum Unknown {
    #[default]
    Allowed,
    /// Allowed by the schema, refused by its strict form.
    Doubtful,
    Refused,
    Typed(Expression),
}

/// An XML element.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) other_attributes: Others,
    /// Type of the text, when the element has text and no children.
    pub(crate) text: Option<Expression>,
    /// Whether text may stand between the children.
    pub(crate) mixed: bool,
    pub(crate) content: Vec<Particle>,
}

#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) kind: Expression,
}

/// Attributes beside the named ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Others {
    #[default]
    None,
    /// Those of other namespaces.
    Foreign,
    Any,
}

/// A part of the content of an XML element.
#[derive(Debug)]
pub(crate) struct Particle {
    pub(crate) least: usize,
    pub(crate) most: usize,
    pub(crate) what: What,
}

#[derive(Debug)]
pub(crate) enum What {
    Element(&'static str, Expression),
    /// An element of another namespace.
    Foreign,
    Sequence(Vec<Particle>),
    Choice(Vec<Particle>),
}
