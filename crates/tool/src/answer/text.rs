//! Names that others chose, made fit to be read.

/// `text` with white space, control characters and line separators as single spaces, without characters that cannot be
/// seen or that change the order of others, trimmed, and cut to `most` characters, of which the last is then `…`.
///
/// Whoever names a group could otherwise hide a text in it that the model reads and the person does not see, or break
/// out of its line. Which characters: those of category Cf, and the others with the property
/// `Default_Ignorable_Code_Point` (Unicode 16, `DerivedCoreProperties.txt`). Joiners are among them, so some emoji fall apart.
#[must_use]
pub fn clean_text(text: &str, most: usize) -> String {
    let visible: String =
        text.chars().filter(|letter| !is_invisible(*letter)).map(|l| if l.is_control() { ' ' } else { l }).collect();
    let clean = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if clean.chars().count() <= most {
        return clean;
    }
    let Some(kept) = most.checked_sub(1) else { return String::new() };
    let mut cut: String = clean.chars().take(kept).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
        | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
        | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}
