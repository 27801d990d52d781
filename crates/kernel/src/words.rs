//! Enumerated words: what the database keeps, and what people read.

/// Declares an enumeration whose variants each have a stored text and a label.
///
/// It gets `ALL` in the order given, `as_str` for what is stored, `label` and `Display` for people, and `parse`, which
/// knows the stored texts only.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $vis:vis enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident => $text:literal, $label:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All of them, in order.
            $vis const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stored text.
            #[must_use]
            $vis const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// What people read.
            #[must_use]
            $vis const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }

            /// Reads the stored text.
            #[must_use]
            $vis fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.label())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    crate::words! {
        /// Two answers.
        enum Answer {
            /// Agreed.
            Yes => "yes", "Agreed";
            /// Not agreed.
            No => "no", "Not agreed";
        }
    }

    #[test]
    fn stored_texts_come_back_and_labels_do_not() {
        for answer in Answer::ALL {
            assert_eq!(Answer::parse(answer.as_str()), Some(*answer));
        }
        assert_eq!(Answer::parse("Agreed"), None);
        assert_eq!(Answer::No.to_string(), "Not agreed");
    }
}
