using System.Reflection;
using IssueObservatory.Mesh.Messages;
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

    // A queue that only one side declares loses what is published before the other side's first start.
    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_names_the_services_that_handle_it(string name) =>
        EventTypes.Single(type => type.Name == name).GetCustomAttribute<EventAttribute>().ShouldNotBeNull("[Event(version, consumers…)]")
            .Consumers.ShouldBe(Handlers().Where(handler => handler.Event == name).Select(handler => handler.Service).Distinct(), ignoreOrder: true);

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
            .Where(type => type is { IsClass: true, IsNested: false } && !(type.IsAbstract && type.IsSealed) && !type.IsAssignableTo(typeof(Attribute))).ToList();
        var parts = all.SelectMany(type => type.GetProperties()).SelectMany(property => Within(property.PropertyType)).ToHashSet();
        return [.. all.Where(type => !parts.Contains(type))];
    }

    private static IEnumerable<Type> Within(Type type) =>
        type.IsArray ? Within(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Within)
        : [type];

    private static HashSet<string> Handled() => [.. Handlers().Select(handler => handler.Event)];

    private static IReadOnlyList<(string Service, string Event)> Handlers() =>
    [
        .. from service in Project.Services
           from type in service.Assembly.GetTypes()
           where type is { IsClass: true, IsAbstract: false }
           from face in type.GetInterfaces()
           where face.IsGenericType && face.GetGenericTypeDefinition().FullName == Handler
           select (Path.GetFileName(service.Folder), face.GetGenericArguments()[0].Name),
    ];
}
