using System.Reflection;
using System.Runtime.CompilerServices;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Unit.Architecture;

public sealed class CancellationTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static TheoryData<string> Services => [.. Project.Services.Select(service => service.Name)];

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_asynchronous_method_of_a_service_ends_with_a_cancellation_token(string service)
    {
        var methods = from type in Project.Named(service).Assembly.GetTypes()
                      where !IsGenerated(type)
                      from method in type.GetMethods(Declared)
                      where Offends(method)
                      select $"{type.Name}.{method.Name}";

        methods.ShouldBeEmpty("the last parameter is `CancellationToken cancellationToken`, without default, and is passed on");
    }

    [Fact]
    public void The_rule_sees_a_token_that_is_missing_elsewhere_or_optional()
    {
        var offending = typeof(Sample).GetMethods(Declared).Where(Offends).Select(method => method.Name);

        offending.ShouldBe([nameof(Sample.Missing), nameof(Sample.First), nameof(Sample.Optional), nameof(Sample.Stream)], ignoreOrder: true);
    }

    private static bool Offends(MethodInfo method)
    {
        if (!IsAsynchronous(method.ReturnType) || method.IsPrivate || method.IsSpecialName || IsGenerated(method) || IsShapedElsewhere(method))
        {
            return false;
        }

        return method.GetParameters() is not [.., { IsOptional: false } last] || last.ParameterType != typeof(CancellationToken);
    }

    private static bool IsAsynchronous(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask)
        || (type.IsGenericType
            && (type.GetGenericTypeDefinition() == typeof(Task<>)
                || type.GetGenericTypeDefinition() == typeof(ValueTask<>)
                || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)));

    private static bool IsGenerated(MemberInfo member) =>
        member.Name.Contains('<', StringComparison.Ordinal)
        || member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || (member.DeclaringType is { } outer && IsGenerated(outer));

    // What a framework's base class or interface prescribes cannot be changed here; a gRPC or HTTP context carries its own token.
    private static bool IsShapedElsewhere(MethodInfo method) =>
        !IsOurs(method.GetBaseDefinition().DeclaringType!)
        || method.GetParameters().Any(parameter => parameter.ParameterType.Name is "ServerCallContext" or "HttpContext")
        || typeof(Delegate).IsAssignableFrom(method.DeclaringType)
        || (method.DeclaringType is { IsInterface: false } type && type.GetInterfaces().Where(face => !IsOurs(face))
            .Any(face => type.GetInterfaceMap(face).TargetMethods.Contains(method)));

    private static bool IsOurs(Type type) =>
        type.Assembly.GetName().Name!.StartsWith("IssueObservatory.Mesh.", StringComparison.Ordinal);

#pragma warning disable CA1068 // The sample does what the rule forbids.
    private sealed class Sample : IAsyncDisposable
    {
        public static Task Missing() => Task.CompletedTask;

        public static Task First(CancellationToken cancellationToken, int number) => Task.FromCanceled<int>(cancellationToken);

        public static ValueTask Optional(CancellationToken cancellationToken = default) => ValueTask.FromCanceled(cancellationToken);

        internal static IAsyncEnumerable<int> Stream(int number) => throw new InvalidOperationException($"{number}");

        public static Task Right(int number, CancellationToken cancellationToken) => Task.FromCanceled<int>(cancellationToken);

        public static int Plain() => Private().Status is TaskStatus.RanToCompletion ? 1 : 0;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static Task Private() => Task.CompletedTask;
    }
#pragma warning restore CA1068
}
