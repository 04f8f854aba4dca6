/// Reads phrases about the size of a crowd: "nearly one hundred", "ca. 50 -100", "several dozen", "3000+", "1.5k".
///
/// English, with the basics of French and German. A phrase is read whole or not at all: a word that is not known makes it
/// unreadable, since "2 arrests" or "far from the expected 500" must not become a crowd.
public enum CrowdPhrase {
    /// No phrase states more than this many people; greater numbers are typing errors and are not read.
    public static let greatest = 10_000_000_000

    /// What the phrase states under a rule; nil if it cannot be read, and is then kept and shown as it was written.
    ///
    /// One phrase only: split a `;`-list before. Under `plain` a vague word gives a reading without numbers, open on both
    /// sides. Phrases of more than 300 bytes are not read.
    public static func read(_ phrase: String, rule: CountRule) -> CrowdReading? {
        guard phrase.utf8.count <= 300, let tokens = CrowdToken.tokens(of: TextFold.folded(phrase)), !tokens.isEmpty
        else { return nil }
        var reader = CrowdReader(tokens: tokens, rule: rule)
        return reader.read()
    }
}
