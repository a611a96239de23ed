using Google.Protobuf;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>A span as it came over the wire: TracesData → resource_spans (1) → scope_spans (2) → spans (2).</summary>
internal sealed record OtlpSpan(string Source, string TraceId, string SpanId, string ParentId, string Name)
{
    public static IEnumerable<OtlpSpan> ReadAll(byte[] body) =>
        from resource in Fields(body, 1)
        from scope in Fields(resource, 2)
        let source = Fields(scope, 1).SelectMany(one => Fields(one, 1)).Select(System.Text.Encoding.UTF8.GetString).FirstOrDefault() ?? ""
        from span in Fields(scope, 2)
        select new OtlpSpan(source, Hex(span, 1), Hex(span, 2), Hex(span, 4), System.Text.Encoding.UTF8.GetString(Fields(span, 5).FirstOrDefault() ?? []));

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).FirstOrDefault() ?? []);

    private static List<byte[]> Fields(byte[] message, int field)
    {
        List<byte[]> found = [];
        var input = new CodedInputStream(message);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (tag == WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited))
            {
                found.Add(input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
            }
        }

        return found;
    }
}
