using System.Reflection;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Unit.Architecture;

public sealed class EventTests
{
    private const string Handler = "IssueObservatory.Mesh.Defaults.IEventHandler`1";

    public static TheoryData<string> Events => [.. EventTypes.Select(type => type.Name)];

    // An event is what no other message carries: the rest are its parts.
    private static IReadOnlyList<Type> EventTypes { get; } = FindEvents();

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_has_a_handler_in_a_service(string name) =>
        Handled().ShouldContain(name, "an event that nobody handles does not belong to the messages");

    [Fact]
    public void Messages_are_immutable_records() =>
        EventTypes.Where(type => !type.IsSealed || type.GetMethod("<Clone>$") is null
                || type.GetProperties().Any(property => property.SetMethod is { } set
                    && !set.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit")))
            .Select(type => type.Name)
            .ShouldBeEmpty();

    private static IReadOnlyList<Type> FindEvents()
    {
        var all = Project.Named("Messages").Assembly.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsNested: false } && !(type.IsAbstract && type.IsSealed)).ToList();
        var parts = all.SelectMany(type => type.GetProperties()).SelectMany(property => Within(property.PropertyType)).ToHashSet();
        return [.. all.Where(type => !parts.Contains(type))];
    }

    private static IEnumerable<Type> Within(Type type) =>
        type.IsArray ? Within(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Within)
        : [type];

    private static HashSet<string> Handled() =>
    [
        .. from service in Project.Services
           from type in service.Assembly.GetTypes()
           where type is { IsClass: true, IsAbstract: false }
           from face in type.GetInterfaces()
           where face.IsGenericType && face.GetGenericTypeDefinition().FullName == Handler
           select face.GetGenericArguments()[0].Name,
    ];
}
