using System.Globalization;
using System.Text;
using RabbitMQ.Client;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Reading and copying what travels beside a message.</summary>
internal static class RabbitMqHeaders
{
    /// <summary>What the broker adds when it moves a message; a copy begins without.</summary>
    private static readonly string[] OfTheBroker = ["x-death", "x-first-death-exchange", "x-first-death-queue", "x-first-death-reason", "x-last-death-exchange", "x-last-death-queue", "x-last-death-reason", "x-delivery-count"];

    extension(IReadOnlyBasicProperties properties)
    {
        /// <summary>A header as text; empty when there is none.</summary>
        public string Text(string header) => properties.Headers?.TryGetValue(header, out var value) is true ? value switch
        {
            byte[] bytes => Encoding.UTF8.GetString(bytes),
            IFormattable number => number.ToString(format: null, CultureInfo.InvariantCulture),
            string text => text,
            _ => "?",
        }
        : "";

        /// <summary>A header as a whole number; −1 when it is something else.</summary>
        public int Number(string header, int missing) =>
            properties.Text(header) is not { Length: > 0 } text ? missing : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

        /// <summary>A copy for the same message in another queue.</summary>
        public BasicProperties WithoutTraces()
        {
            var copy = new BasicProperties(properties) { Persistent = true };
            copy.Headers = properties.Headers is { } headers ? new Dictionary<string, object?>(headers, StringComparer.Ordinal) : new(StringComparer.Ordinal);
            copy.ClearExpiration();
            foreach (var header in OfTheBroker)
            {
                copy.Headers.Remove(header);
            }

            return copy;
        }
    }
}
