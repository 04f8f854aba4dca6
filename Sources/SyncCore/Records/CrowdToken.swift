/// A piece of a folded phrase.
enum CrowdToken: Hashable, Sendable {
    case figure(CrowdFigure)
    case word(String)
    case mark(Unicode.Scalar)

    /// Nil where a figure is too long to be a number of people. Known typing errors in words are mended.
    static func tokens(of scalars: [Unicode.Scalar]) -> [CrowdToken]? {
        var tokens = [CrowdToken]()
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            if CrowdFigure.isDigit(scalar) {
                guard let figure = CrowdFigure(scalars, &index) else { return nil }
                tokens.append(.figure(figure))
            } else if scalar.properties.isAlphabetic {
                var word = String.UnicodeScalarView()
                while index < scalars.count, scalars[index].properties.isAlphabetic {
                    word.append(scalars[index])
                    index += 1
                }
                tokens.append(.word(CrowdTypos.mended(String(word))))
            } else {
                if scalar != " " { tokens.append(.mark(scalar)) }
                index += 1
            }
        }
        return tokens
    }
}
